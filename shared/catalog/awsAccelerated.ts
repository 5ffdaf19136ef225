/**
 * EC2 types with accelerators: name, vCPU, RAM in GiB, accelerator, how many of it, memory of each
 * in MiB ("-" where the source leaves it out: the accelerator's own memory holds).
 *
 * Source `aws-instance-types` (2026-07-20). Its count for fractional GPUs is 0; here it is the share
 * of one L4 that the memory states: 2861, 5722 and 11444 MiB are an eighth, a quarter and a half of
 * 22888.
 */
export const awsAccelerated = `
dl2q.24xlarge 96 768 qualcomm-ai100 8 -
g4ad.xlarge 4 16 radeon-pro-v520 1 8192
g4ad.2xlarge 8 32 radeon-pro-v520 1 8192
g4ad.4xlarge 16 64 radeon-pro-v520 1 8192
g4ad.8xlarge 32 128 radeon-pro-v520 2 8192
g4ad.16xlarge 64 256 radeon-pro-v520 4 8192
g4dn.xlarge 4 16 t4 1 16384
g4dn.2xlarge 8 32 t4 1 16384
g4dn.4xlarge 16 64 t4 1 16384
g4dn.8xlarge 32 128 t4 1 16384
g4dn.12xlarge 48 192 t4 4 16384
g4dn.16xlarge 64 256 t4 1 16384
g4dn.metal 96 384 t4 8 16384
g5.xlarge 4 16 a10g 1 22888
g5.2xlarge 8 32 a10g 1 22888
g5.4xlarge 16 64 a10g 1 22888
g5.8xlarge 32 128 a10g 1 22888
g5.12xlarge 48 192 a10g 4 22888
g5.16xlarge 64 256 a10g 1 22888
g5.24xlarge 96 384 a10g 4 22888
g5.48xlarge 192 768 a10g 8 22888
g5g.xlarge 4 8 t4g 1 16384
g5g.2xlarge 8 16 t4g 1 16384
g5g.4xlarge 16 32 t4g 1 16384
g5g.8xlarge 32 64 t4g 1 16384
g5g.16xlarge 64 128 t4g 2 16384
g5g.metal 64 128 t4g 2 16384
g6.xlarge 4 16 l4 1 22888
g6.2xlarge 8 32 l4 1 22888
g6.4xlarge 16 64 l4 1 22888
g6.8xlarge 32 128 l4 1 22888
g6.12xlarge 48 192 l4 4 22888
g6.16xlarge 64 256 l4 1 22888
g6.24xlarge 96 384 l4 4 22888
g6.48xlarge 192 768 l4 8 22888
g6e.xlarge 4 32 l40s 1 45776
g6e.2xlarge 8 64 l40s 1 45776
g6e.4xlarge 16 128 l40s 1 45776
g6e.8xlarge 32 256 l40s 1 45776
g6e.12xlarge 48 384 l40s 4 45776
g6e.16xlarge 64 512 l40s 1 45776
g6e.24xlarge 96 768 l40s 4 45776
g6e.48xlarge 192 1536 l40s 8 45776
g6f.large 2 8 l4 1/8 2861
g6f.xlarge 4 16 l4 1/8 2861
g6f.2xlarge 8 32 l4 1/4 5722
g6f.4xlarge 16 64 l4 1/2 11444
g7.2xlarge 8 32 rtx-pro-4500 1 32768
g7.4xlarge 16 64 rtx-pro-4500 1 32768
g7.8xlarge 32 128 rtx-pro-4500 1 32768
g7.12xlarge 48 192 rtx-pro-4500 2 32768
g7.24xlarge 96 384 rtx-pro-4500 4 32768
g7.48xlarge 192 768 rtx-pro-4500 8 32768
g7e.2xlarge 8 64 rtx-pro-6000 1 98304
g7e.4xlarge 16 128 rtx-pro-6000 1 98304
g7e.8xlarge 32 256 rtx-pro-6000 1 98304
g7e.12xlarge 48 512 rtx-pro-6000 2 98304
g7e.24xlarge 96 1024 rtx-pro-6000 4 98304
g7e.48xlarge 192 2048 rtx-pro-6000 8 98304
gr6.4xlarge 16 128 l4 1 22888
gr6.8xlarge 32 256 l4 1 22888
gr6f.4xlarge 16 128 l4 1/2 11444
inf1.xlarge 4 8 inferentia 1 -
inf1.2xlarge 8 16 inferentia 1 -
inf1.6xlarge 24 48 inferentia 4 -
inf1.24xlarge 96 192 inferentia 16 -
inf2.xlarge 4 16 inferentia2 1 -
inf2.8xlarge 32 128 inferentia2 1 -
inf2.24xlarge 96 384 inferentia2 6 -
inf2.48xlarge 192 768 inferentia2 12 -
p3dn.24xlarge 96 768 v100-32gb 8 32768
p4d.24xlarge 96 1152 a100-40gb 8 40960
p4de.24xlarge 96 1152 a100-80gb 8 81920
p5.4xlarge 16 256 h100 1 81920
p5.48xlarge 192 2048 h100 8 81920
p5e.48xlarge 192 2048 h200 8 144384
p5en.48xlarge 192 2048 h200 8 144384
p6-b200.48xlarge 192 2048 b200 8 183359
p6-b300.48xlarge 192 4096 b300 8 275040
trn1.2xlarge 8 32 trainium 1 -
trn1.32xlarge 128 512 trainium 16 -
trn1n.32xlarge 128 512 trainium 16 -
trn2.48xlarge 192 2048 trainium2 16 -
`;

/**
 * Earlier types that bills still show, of which `aws-instance-types` says nothing: the same columns.
 * vCPU and RAM from `aws-spot-advisor`, accelerators from `aws-earlier-types`.
 */
export const awsEarlier = `
p2.xlarge 4 61 k80 1 12288
p2.8xlarge 32 488 k80 8 12288
p2.16xlarge 64 732 k80 16 12288
p3.2xlarge 8 61 v100 1 16384
p3.8xlarge 32 244 v100 4 16384
p3.16xlarge 64 488 v100 8 16384
g3s.xlarge 4 30.5 m60 1 8192
g3.4xlarge 16 122 m60 1 8192
g3.8xlarge 32 244 m60 2 8192
g3.16xlarge 64 488 m60 4 8192
dl1.24xlarge 96 768 gaudi 8 32768
`;
