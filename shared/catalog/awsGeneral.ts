/**
 * EC2 types without accelerators, a family a row: size, vCPU and RAM in GiB.
 *
 * Source `aws-spot-advisor` (June 2025), so families that came later (c8a, m8i, r9g and so on) are
 * not here: their prices are, their sizes are unknown. f1, f2, g2 and vt1 carry FPGAs, early GPUs or
 * transcoders, none of which is an accelerator of this catalogue.
 */
export const awsGeneral = `
a1 medium:1:2 large:2:4 xlarge:4:8 2xlarge:8:16 4xlarge:16:32 metal:16:32
c1 medium:2:1.7 xlarge:8:7
c3 large:2:3.75 xlarge:4:7.5 2xlarge:8:15 4xlarge:16:30 8xlarge:32:60
c4 large:2:3.75 xlarge:4:7.5 2xlarge:8:15 4xlarge:16:30 8xlarge:36:60
c5 large:2:4 xlarge:4:8 2xlarge:8:16 4xlarge:16:32 9xlarge:36:72 12xlarge:48:96 18xlarge:72:144 24xlarge:96:192 metal:96:192
c5a large:2:4 xlarge:4:8 2xlarge:8:16 4xlarge:16:32 8xlarge:32:64 12xlarge:48:96 16xlarge:64:128 24xlarge:96:192
c5ad large:2:4 xlarge:4:8 2xlarge:8:16 4xlarge:16:32 8xlarge:32:64 12xlarge:48:96 16xlarge:64:128 24xlarge:96:192
c5d large:2:4 xlarge:4:8 2xlarge:8:16 4xlarge:16:32 9xlarge:36:72 12xlarge:48:96 18xlarge:72:144 24xlarge:96:192 metal:96:192
c5n large:2:5.25 xlarge:4:10.5 2xlarge:8:21 4xlarge:16:42 9xlarge:36:96 18xlarge:72:192 metal:72:192
c6a large:2:4 xlarge:4:8 2xlarge:8:16 4xlarge:16:32 8xlarge:32:64 12xlarge:48:96 16xlarge:64:128 24xlarge:96:192 32xlarge:128:256 48xlarge:192:384 metal:192:384
c6g medium:1:2 large:2:4 xlarge:4:8 2xlarge:8:16 4xlarge:16:32 8xlarge:32:64 12xlarge:48:96 16xlarge:64:128 metal:64:128
c6gd medium:1:2 large:2:4 xlarge:4:8 2xlarge:8:16 4xlarge:16:32 8xlarge:32:64 12xlarge:48:96 16xlarge:64:128 metal:64:128
c6gn medium:1:2 large:2:4 xlarge:4:8 2xlarge:8:16 4xlarge:16:32 8xlarge:32:64 12xlarge:48:96 16xlarge:64:128 metal:64:128
c6i large:2:4 xlarge:4:8 2xlarge:8:16 4xlarge:16:32 8xlarge:32:64 12xlarge:48:96 16xlarge:64:128 24xlarge:96:192 32xlarge:128:256 metal:128:256
c6id large:2:4 xlarge:4:8 2xlarge:8:16 4xlarge:16:32 8xlarge:32:64 12xlarge:48:96 16xlarge:64:128 24xlarge:96:192 32xlarge:128:256 metal:128:256
c6in large:2:4 xlarge:4:8 2xlarge:8:16 4xlarge:16:32 8xlarge:32:64 12xlarge:48:96 16xlarge:64:128 24xlarge:96:192 32xlarge:128:256 metal:128:256
c7a medium:1:2 large:2:4 xlarge:4:8 2xlarge:8:16 4xlarge:16:32 8xlarge:32:64 12xlarge:48:96 16xlarge:64:128 24xlarge:96:192 32xlarge:128:256 48xlarge:192:384 metal-48xl:192:384
c7g medium:1:2 large:2:4 xlarge:4:8 2xlarge:8:16 4xlarge:16:32 8xlarge:32:64 12xlarge:48:96 16xlarge:64:128 metal:64:128
c7gd medium:1:2 large:2:4 xlarge:4:8 2xlarge:8:16 4xlarge:16:32 8xlarge:32:64 12xlarge:48:96 16xlarge:64:128 metal:64:128
c7gn medium:1:2 large:2:4 xlarge:4:8 2xlarge:8:16 4xlarge:16:32 8xlarge:32:64 12xlarge:48:96 16xlarge:64:128 metal:64:128
c7i large:2:4 xlarge:4:8 2xlarge:8:16 4xlarge:16:32 8xlarge:32:64 12xlarge:48:96 16xlarge:64:128 24xlarge:96:192 metal-24xl:96:192 48xlarge:192:384 metal-48xl:192:384
c7i-flex large:2:4 xlarge:4:8 2xlarge:8:16 4xlarge:16:32 8xlarge:32:64 12xlarge:48:96 16xlarge:64:128
c8g medium:1:2 large:2:4 xlarge:4:8 2xlarge:8:16 4xlarge:16:32 8xlarge:32:64 12xlarge:48:96 16xlarge:64:128 24xlarge:96:192 metal-24xl:96:192 48xlarge:192:384 metal-48xl:192:384
c8gd medium:1:2 large:2:4 xlarge:4:8 2xlarge:8:16 4xlarge:16:32 8xlarge:32:64 12xlarge:48:96 16xlarge:64:128 24xlarge:96:192 metal-24xl:96:192 48xlarge:192:384 metal-48xl:192:384
cr1 8xlarge:32:244
d2 xlarge:4:30.5 2xlarge:8:61 4xlarge:16:122 8xlarge:36:244
d3 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256
d3en xlarge:4:16 2xlarge:8:32 4xlarge:16:64 6xlarge:24:96 8xlarge:32:128 12xlarge:48:192
f1 2xlarge:8:122 4xlarge:16:244 16xlarge:64:976
f2 6xlarge:24:256 12xlarge:48:512 48xlarge:192:2048
g2 2xlarge:8:15 8xlarge:32:60
h1 2xlarge:8:32 4xlarge:16:64 8xlarge:32:128 16xlarge:64:256
hpc6a 48xlarge:96:384
hpc6id 32xlarge:64:1024
hpc7a 12xlarge:24:768 24xlarge:48:768 48xlarge:96:768 96xlarge:192:768
hpc7g 4xlarge:16:128 8xlarge:32:128 16xlarge:64:128
i2 xlarge:4:30.5 2xlarge:8:61 4xlarge:16:122 8xlarge:32:244
i3 large:2:15.25 xlarge:4:30.5 2xlarge:8:61 4xlarge:16:122 8xlarge:32:244 16xlarge:64:488 metal:72:512
i3en large:2:16 xlarge:4:32 2xlarge:8:64 3xlarge:12:96 6xlarge:24:192 12xlarge:48:384 24xlarge:96:768 metal:96:768
i4g large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 16xlarge:64:512
i4i large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 12xlarge:48:384 16xlarge:64:512 24xlarge:96:768 32xlarge:128:1024 metal:128:1024
i7i large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 12xlarge:48:384 16xlarge:64:512 24xlarge:96:768 metal-24xl:96:768 48xlarge:192:1536 metal-48xl:192:1536
i7ie large:2:16 xlarge:4:32 2xlarge:8:64 3xlarge:12:96 6xlarge:24:192 12xlarge:48:384 18xlarge:72:576 24xlarge:96:768 metal-24xl:96:768 48xlarge:192:1536 metal-48xl:192:1536
i8g large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 12xlarge:48:384 16xlarge:64:512 24xlarge:96:768 metal-24xl:96:768 48xlarge:192:1536
im4gn large:2:8 xlarge:4:16 2xlarge:8:32 4xlarge:16:64 8xlarge:32:128 16xlarge:64:256
is4gen medium:1:6 large:2:12 xlarge:4:24 2xlarge:8:48 4xlarge:16:96 8xlarge:32:192
m1 small:1:1.7 medium:1:3.75 large:2:7.5 xlarge:4:15
m2 xlarge:2:17.1 2xlarge:4:34.2 4xlarge:8:68.4
m3 medium:1:3.75 large:2:7.5 xlarge:4:15 2xlarge:8:30
m4 large:2:8 xlarge:4:16 2xlarge:8:32 4xlarge:16:64 10xlarge:40:160 16xlarge:64:256
m5 large:2:8 xlarge:4:16 2xlarge:8:32 4xlarge:16:64 8xlarge:32:128 12xlarge:48:192 16xlarge:64:256 24xlarge:96:384 metal:96:384
m5a large:2:8 xlarge:4:16 2xlarge:8:32 4xlarge:16:64 8xlarge:32:128 12xlarge:48:192 16xlarge:64:256 24xlarge:96:384
m5ad large:2:8 xlarge:4:16 2xlarge:8:32 4xlarge:16:64 8xlarge:32:128 12xlarge:48:192 16xlarge:64:256 24xlarge:96:384
m5d large:2:8 xlarge:4:16 2xlarge:8:32 4xlarge:16:64 8xlarge:32:128 12xlarge:48:192 16xlarge:64:256 24xlarge:96:384 metal:96:384
m5dn large:2:8 xlarge:4:16 2xlarge:8:32 4xlarge:16:64 8xlarge:32:128 12xlarge:48:192 16xlarge:64:256 24xlarge:96:384 metal:96:384
m5n large:2:8 xlarge:4:16 2xlarge:8:32 4xlarge:16:64 8xlarge:32:128 12xlarge:48:192 16xlarge:64:256 24xlarge:96:384 metal:96:384
m5zn large:2:8 xlarge:4:16 2xlarge:8:32 3xlarge:12:48 6xlarge:24:96 12xlarge:48:192 metal:48:192
m6a large:2:8 xlarge:4:16 2xlarge:8:32 4xlarge:16:64 8xlarge:32:128 12xlarge:48:192 16xlarge:64:256 24xlarge:96:384 32xlarge:128:512 48xlarge:192:768 metal:192:768
m6g medium:1:4 large:2:8 xlarge:4:16 2xlarge:8:32 4xlarge:16:64 8xlarge:32:128 12xlarge:48:192 16xlarge:64:256 metal:64:256
m6gd medium:1:4 large:2:8 xlarge:4:16 2xlarge:8:32 4xlarge:16:64 8xlarge:32:128 12xlarge:48:192 16xlarge:64:256 metal:64:256
m6i large:2:8 xlarge:4:16 2xlarge:8:32 4xlarge:16:64 8xlarge:32:128 12xlarge:48:192 16xlarge:64:256 24xlarge:96:384 32xlarge:128:512 metal:128:512
m6id large:2:8 xlarge:4:16 2xlarge:8:32 4xlarge:16:64 8xlarge:32:128 12xlarge:48:192 16xlarge:64:256 24xlarge:96:384 32xlarge:128:512 metal:128:512
m6idn large:2:8 xlarge:4:16 2xlarge:8:32 4xlarge:16:64 8xlarge:32:128 12xlarge:48:192 16xlarge:64:256 24xlarge:96:384 32xlarge:128:512 metal:128:512
m6in large:2:8 xlarge:4:16 2xlarge:8:32 4xlarge:16:64 8xlarge:32:128 12xlarge:48:192 16xlarge:64:256 24xlarge:96:384 32xlarge:128:512 metal:128:512
m7a medium:1:4 large:2:8 xlarge:4:16 2xlarge:8:32 4xlarge:16:64 8xlarge:32:128 12xlarge:48:192 16xlarge:64:256 24xlarge:96:384 32xlarge:128:512 48xlarge:192:768 metal-48xl:192:768
m7g medium:1:4 large:2:8 xlarge:4:16 2xlarge:8:32 4xlarge:16:64 8xlarge:32:128 12xlarge:48:192 16xlarge:64:256 metal:64:256
m7gd medium:1:4 large:2:8 xlarge:4:16 2xlarge:8:32 4xlarge:16:64 8xlarge:32:128 12xlarge:48:192 16xlarge:64:256 metal:64:256
m7i large:2:8 xlarge:4:16 2xlarge:8:32 4xlarge:16:64 8xlarge:32:128 12xlarge:48:192 16xlarge:64:256 24xlarge:96:384 metal-24xl:96:384 48xlarge:192:768 metal-48xl:192:768
m7i-flex large:2:8 xlarge:4:16 2xlarge:8:32 4xlarge:16:64 8xlarge:32:128 12xlarge:48:192 16xlarge:64:256
m8g medium:1:4 large:2:8 xlarge:4:16 2xlarge:8:32 4xlarge:16:64 8xlarge:32:128 12xlarge:48:192 16xlarge:64:256 24xlarge:96:384 metal-24xl:96:384 48xlarge:192:768 metal-48xl:192:768
m8gd medium:1:4 large:2:8 xlarge:4:16 2xlarge:8:32 4xlarge:16:64 8xlarge:32:128 12xlarge:48:192 16xlarge:64:256 24xlarge:96:384 metal-24xl:96:384 48xlarge:192:768 metal-48xl:192:768
r3 large:2:15.25 xlarge:4:30.5 2xlarge:8:61 4xlarge:16:122 8xlarge:32:244
r4 large:2:15.25 xlarge:4:30.5 2xlarge:8:61 4xlarge:16:122 8xlarge:32:244 16xlarge:64:488
r5 large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 12xlarge:48:384 16xlarge:64:512 24xlarge:96:768 metal:96:768
r5a large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 12xlarge:48:384 16xlarge:64:512 24xlarge:96:768
r5ad large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 12xlarge:48:384 16xlarge:64:512 24xlarge:96:768
r5b large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 12xlarge:48:384 16xlarge:64:512 24xlarge:96:768 metal:96:768
r5d large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 12xlarge:48:384 16xlarge:64:512 24xlarge:96:768 metal:96:768
r5dn large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 12xlarge:48:384 16xlarge:64:512 24xlarge:96:768 metal:96:768
r5n large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 12xlarge:48:384 16xlarge:64:512 24xlarge:96:768 metal:96:768
r6a large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 12xlarge:48:384 16xlarge:64:512 24xlarge:96:768 32xlarge:128:1024 48xlarge:192:1536 metal:192:1536
r6g medium:1:8 large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 12xlarge:48:384 16xlarge:64:512 metal:64:512
r6gd medium:1:8 large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 12xlarge:48:384 16xlarge:64:512 metal:64:512
r6i large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 12xlarge:48:384 16xlarge:64:512 24xlarge:96:768 32xlarge:128:1024 metal:128:1024
r6id large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 12xlarge:48:384 16xlarge:64:512 24xlarge:96:768 32xlarge:128:1024 metal:128:1024
r6idn large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 12xlarge:48:384 16xlarge:64:512 24xlarge:96:768 32xlarge:128:1024 metal:128:1024
r6in large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 12xlarge:48:384 16xlarge:64:512 24xlarge:96:768 32xlarge:128:1024 metal:128:1024
r7a medium:1:8 large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 12xlarge:48:384 16xlarge:64:512 24xlarge:96:768 32xlarge:128:1024 48xlarge:192:1536 metal-48xl:192:1536
r7g medium:1:8 large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 12xlarge:48:384 16xlarge:64:512 metal:64:512
r7gd medium:1:8 large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 12xlarge:48:384 16xlarge:64:512 metal:64:512
r7i large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 12xlarge:48:384 16xlarge:64:512 24xlarge:96:768 metal-24xl:96:768 48xlarge:192:1536 metal-48xl:192:1536
r7iz large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 12xlarge:48:384 16xlarge:64:512 metal-16xl:64:512 32xlarge:128:1024 metal-32xl:128:1024
r8g medium:1:8 large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 12xlarge:48:384 16xlarge:64:512 24xlarge:96:768 metal-24xl:96:768 48xlarge:192:1536 metal-48xl:192:1536
r8gd medium:1:8 large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 12xlarge:48:384 16xlarge:64:512 24xlarge:96:768 metal-24xl:96:768 48xlarge:192:1536 metal-48xl:192:1536
t1 micro:1:0.61
t2 nano:1:0.5 micro:1:1 small:1:2 medium:2:4 large:2:8 xlarge:4:16 2xlarge:8:32
t3 nano:2:0.5 micro:2:1 small:2:2 medium:2:4 large:2:8 xlarge:4:16 2xlarge:8:32
t3a nano:2:0.5 micro:2:1 small:2:2 medium:2:4 large:2:8 xlarge:4:16 2xlarge:8:32
t4g nano:2:0.5 micro:2:1 small:2:2 medium:2:4 large:2:8 xlarge:4:16 2xlarge:8:32
u-12tb1 112xlarge:448:12288
u-18tb1 112xlarge:448:18432
u-24tb1 112xlarge:448:24576
u-3tb1 56xlarge:224:3072
u-6tb1 56xlarge:224:6144 112xlarge:448:6144
u-9tb1 112xlarge:448:9216
u7i-12tb 224xlarge:896:12288
u7i-6tb 112xlarge:448:6144
u7i-8tb 112xlarge:448:8192
u7in-16tb 224xlarge:896:16384
u7in-24tb 224xlarge:896:24576
u7in-32tb 224xlarge:896:32768
vt1 3xlarge:12:24 6xlarge:24:48 24xlarge:96:192
x1 16xlarge:64:976 32xlarge:128:1952
x1e xlarge:4:122 2xlarge:8:244 4xlarge:16:488 8xlarge:32:976 16xlarge:64:1952 32xlarge:128:3904
x2gd medium:1:16 large:2:32 xlarge:4:64 2xlarge:8:128 4xlarge:16:256 8xlarge:32:512 12xlarge:48:768 16xlarge:64:1024 metal:64:1024
x2idn 16xlarge:64:1024 24xlarge:96:1536 32xlarge:128:2048 metal:128:2048
x2iedn xlarge:4:128 2xlarge:8:256 4xlarge:16:512 8xlarge:32:1024 16xlarge:64:2048 24xlarge:96:3072 32xlarge:128:4096 metal:128:4096
x2iezn 2xlarge:8:256 4xlarge:16:512 6xlarge:24:768 8xlarge:32:1024 12xlarge:48:1536 metal:48:1536
x8g medium:1:16 large:2:32 xlarge:4:64 2xlarge:8:128 4xlarge:16:256 8xlarge:32:512 12xlarge:48:768 16xlarge:64:1024 24xlarge:96:1536 metal-24xl:96:1536 48xlarge:192:3072 metal-48xl:192:3072
z1d large:2:16 xlarge:4:32 2xlarge:8:64 3xlarge:12:96 6xlarge:24:192 12xlarge:48:384 metal:48:384
`;
