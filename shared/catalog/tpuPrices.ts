/**
 * Cloud TPU prices, US dollars an hour of the whole slice: zone, on demand, spot.
 *
 * Source `google-tpu-prices`. It writes 700.0 where it knows no price (spot in southamerica-west1-a,
 * both in us-central2-b); that is "-" here, and a zone with neither is left out.
 */
export const tpuPrices = `
tpu-v6e-1 asia-northeast1-b=3.24=0.94352 asia-south1-b=3.24=2.27 asia-southeast1-b=2.97=0.36292 europe-west4-a=2.97=1.03748 southamerica-west1-a=2.7=- us-central1-a=2.7=0.54421 us-east1-d=2.7=0.54421 us-east4-a=2.7=0.57766 us-east5-a=2.7=1.215 us-south1-a=2.7=1.35 us-west1-c=2.7=0.54421
tpu-v6e-4 asia-northeast1-b=12.96=3.77407 europe-west4-a=11.88=4.1499 us-central1-a=10.8=2.17683 us-east5-a=10.8=4.86
tpu-v6e-8 asia-northeast1-b=25.92=7.54814 europe-west4-a=23.76=8.29981 us-central1-a=21.6=4.35366 us-east5-a=21.6=9.72
tpu-v6e-16 us-central1-a=43.2=8.70733
tpu-v6e-32 us-central1-a=86.4=17.41466
tpu-v6e-64 us-central1-a=172.8=34.82931
tpu-v6e-128 us-central1-a=345.6=69.65862
tpu-v6e-256 us-central1-a=691.2=139.31725
tpu-v5p-12288 europe-west4-b=26127.36=8285.12256 us-central1-a=25804.8=5134.54694 us-east5-a=25804.8=10321.92
`;
