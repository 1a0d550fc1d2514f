"""How much of a kind htslib 1.24 can hold of one record: what GAS writes must be readable by it."""

# The counts of alleles and of INFO entries have 16 bits; REF is an allele too, and among the entries
# there must be room for those of GAS.
MOST_ALTERNATES = 2**16 - 2
MOST_INFO_ENTRIES = 60_000
MOST_FORMAT_KEYS = 255
# A record's samples are held as a table: for each FORMAT key all samples take as much as the widest
# value does, which is at most four bytes a character and four more. All of it must be below 2 GiB.
BYTES_A_CHARACTER = 4
MOST_SAMPLE_BYTES = 2**31 - 2**16
