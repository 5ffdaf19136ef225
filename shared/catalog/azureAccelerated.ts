/**
 * Azure sizes with accelerators, without "Standard_": name, vCPU, RAM in GiB, accelerator, how many of
 * it. Memory is the accelerator's own, for a share that share of it.
 *
 * Source `azure-gpu-sizes` (pages dated 2024-07-31 to 2026-08-12). Its memory column is the total of a
 * size in most tables and that of one GPU in others (ND96amsr_A100_v4, GB200, GB300), and it names no
 * count for ND40rs_v2; neither is taken over here.
 */
export const azureAccelerated = `
NC6s_v3 6 112 v100 1
NC12s_v3 12 224 v100 2
NC24s_v3 24 448 v100 4
NC24rs_v3 24 448 v100 4
NC4as_T4_v3 4 28 t4 1
NC8as_T4_v3 8 56 t4 1
NC16as_T4_v3 16 110 t4 1
NC64as_T4_v3 64 440 t4 4
NC24ads_A100_v4 24 220 a100-80gb-pcie 1
NC48ads_A100_v4 48 440 a100-80gb-pcie 2
NC96ads_A100_v4 96 880 a100-80gb-pcie 4
NC40ads_H100_v5 40 320 h100-nvl 1
NC80adis_H100_v5 80 640 h100-nvl 2
NC128lds_xl_RTXPRO6000BSE_v6 128 256 rtx-pro-6000 1
NC128ds_xl_RTXPRO6000BSE_v6 128 512 rtx-pro-6000 1
NC256lds_xl_RTXPRO6000BSE_v6 256 512 rtx-pro-6000 2
NC256ds_xl_RTXPRO6000BSE_v6 256 1024 rtx-pro-6000 2
NC320lds_xl_RTXPRO6000BSE_v6 320 640 rtx-pro-6000 2
NC320ds_xl_RTXPRO6000BSE_v6 320 1280 rtx-pro-6000 2
ND40rs_v2 40 672 v100-32gb 8
ND96asr_v4 96 900 a100-40gb 8
ND96amsr_A100_v4 96 1900 a100-80gb 8
ND96isr_H100_v5 96 1900 h100 8
ND96isr_H200_v5 96 1850 h200 8
ND96isr_MI300X_v5 96 1850 mi300x 8
ND128isr_NDR_GB200_v6 128 900 gb200 4
ND128isr_GB300_v6 128 864 gb300 4
ND128isrG5_GB300_v6 128 864 gb300 4
NV12s_v3 12 112 m60 1
NV24s_v3 24 224 m60 2
NV48s_v3 48 448 m60 4
NV4as_v4 4 14 mi25 1/8
NV8as_v4 8 28 mi25 1/4
NV16as_v4 16 56 mi25 1/2
NV32as_v4 32 112 mi25 1
NV6ads_A10_v5 6 55 a10 1/6
NV12ads_A10_v5 12 110 a10 1/3
NV18ads_A10_v5 18 220 a10 1/2
NV36ads_A10_v5 36 440 a10 1
NV36adms_A10_v5 36 880 a10 1
NV72ads_A10_v5 72 880 a10 2
NV4ads_V710_v5 4 16 radeon-pro-v710 1/6
NV8ads_V710_v5 8 32 radeon-pro-v710 1/3
NV12ads_V710_v5 12 64 radeon-pro-v710 1/2
NV24ads_V710_v5 24 128 radeon-pro-v710 1
NV28adms_V710_v5 28 160 radeon-pro-v710 1
`;
