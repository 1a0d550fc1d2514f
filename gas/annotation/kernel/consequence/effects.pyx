"""What each allele does to each transcript near it: the annotator of consequences."""

from libc.stdlib cimport calloc, free
from libc.string cimport memset

from gas.annotation.kernel.consequence.allele_effects cimport Gathered, gather, let_go
from gas.annotation.kernel.consequence.ann cimport put_entry, put_range, put_ranks, put_transcript
from gas.annotation.kernel.columns cimport (
    Column,
    Text,
    put,
    put_char,
    put_number,
    put_string,
    release,
)
from gas.annotation.kernel.consequence.effect cimport Effect, Piece
from gas.annotation.kernel.records cimport ANNOTATED, Allele, Records
from gas.annotation.kernel.sequence cimport Sequence
from gas.annotation.kernel.consequence.terms cimport impact_of, most_severe, term_name
from gas.annotation.kernel.consequence.three_prime cimport examine
from gas.annotation.kernel.consequence.transcripts cimport Transcript, Transcripts

cdef struct Heads:            # what all entries of a transcript say of it
    Text text
    Piece* of                 # by transcript, after one that stands for none


cdef class EffectColumns:
    """The columns that `annotate_effects` fills.

    ANN holds all effects of an allele, the most severe first, as written in VCF; the others hold
    what the first of them says, CONSEQUENCE only its most severe term.
    """

    cdef readonly list columns
    cdef Column ann, consequence, impact, gene, gene_id, transcript, biotype, exon, intron
    cdef Column hgvs_c, hgvs_p, cdna, cds, protein, codons, amino_acids, distance, canonical, mane

    def __cinit__(self):
        self.ann = Column("ANN")
        self.consequence = Column("CONSEQUENCE")
        self.impact = Column("IMPACT")
        self.gene = Column("GENE")
        self.gene_id = Column("GENE_ID")
        self.transcript = Column("TRANSCRIPT")
        self.biotype = Column("BIOTYPE")
        self.exon = Column("EXON")
        self.intron = Column("INTRON")
        self.hgvs_c = Column("HGVSC")
        self.hgvs_p = Column("HGVSP")
        self.cdna = Column("CDNA_POSITION")
        self.cds = Column("CDS_POSITION")
        self.protein = Column("PROTEIN_POSITION")
        self.codons = Column("CODONS")
        self.amino_acids = Column("AMINO_ACIDS")
        self.distance = Column("DISTANCE")
        self.canonical = Column("CANONICAL")
        self.mane = Column("MANE")
        self.columns = [
            self.ann, self.consequence, self.impact, self.gene, self.gene_id, self.transcript,
            self.biotype, self.exon, self.intron, self.hgvs_c, self.hgvs_p, self.cdna, self.cds,
            self.protein, self.codons, self.amino_acids, self.distance, self.canonical, self.mane,
        ]

    cdef int end_allele(self) except -1 nogil:
        """Close the values of one allele in all columns."""
        self.ann.end_value()
        self.consequence.end_value()
        self.impact.end_value()
        self.gene.end_value()
        self.gene_id.end_value()
        self.transcript.end_value()
        self.biotype.end_value()
        self.exon.end_value()
        self.intron.end_value()
        self.hgvs_c.end_value()
        self.hgvs_p.end_value()
        self.cdna.end_value()
        self.cds.end_value()
        self.protein.end_value()
        self.codons.end_value()
        self.amino_acids.end_value()
        self.distance.end_value()
        self.canonical.end_value()
        self.mane.end_value()
        return 0

    cdef int put_first(self, const Effect* effect, const Text* words) except -1 nogil:
        """Write what one effect says to the plain columns."""
        cdef const Transcript* transcript = effect.transcript
        cdef int term = most_severe(effect.terms)
        put(&self.consequence.text, term_name(term).text, term_name(term).length)
        put(&self.impact.text, impact_of(term).text, impact_of(term).length)
        if transcript == NULL:
            return 0
        put_string(&self.gene.text, transcript.gene_name)
        put_string(&self.gene_id.text, transcript.gene_id)
        put_string(&self.transcript.text, transcript.id)
        put_string(&self.biotype.text, transcript.biotype)
        put_ranks(&self.exon.text, &effect.exons, transcript.exon_count)
        put_ranks(&self.intron.text, &effect.introns, transcript.exon_count - 1)
        _put_described(&self.hgvs_c.text, transcript.id, words, &effect.hgvs_c)
        _put_described(&self.hgvs_p.text, transcript.protein_id, words, &effect.hgvs_p)
        put_range(&self.cdna.text, &effect.cdna)
        put_range(&self.cds.text, &effect.cds)
        put_range(&self.protein.text, &effect.protein)
        put(&self.codons.text, words.data + effect.codons.offset, effect.codons.length)
        put(&self.amino_acids.text, words.data + effect.residues.offset, effect.residues.length)
        if effect.distance:
            put_number(&self.distance.text, effect.distance)
        if transcript.canonical:
            put(&self.canonical.text, "YES", 3)
        if transcript.mane == 1:
            put(&self.mane.text, "MANE_Select", 11)
        elif transcript.mane == 2:
            put(&self.mane.text, "MANE_Plus_Clinical", 18)
        return 0


cdef int _put_described(
    Text* text, const char* sequence, const Text* words, const Piece* description
) except -1 nogil:
    """Write ``ENST00000307301.11:c.76A>T``, without the prefix where the id is not known."""
    if description.length == 0:
        return 0
    if sequence[0]:
        put_string(text, sequence)
        put_char(text, b':')
    return put(text, words.data + description.offset, description.length)


cdef const Piece* _head(
    Heads* heads, Transcripts transcripts, const Transcript* transcript
) except NULL nogil:
    """What all entries of a transcript say of it, made when it is first met."""
    cdef Piece* head = &heads.of[0]
    if transcript == NULL:
        return head
    head = &heads.of[1 + (transcript - transcripts.items)]
    if head.length == 0:
        head.offset = heads.text.length
        put_transcript(&heads.text, transcript)
        head.length = heads.text.length - head.offset
    return head


cdef int _write(
    const Gathered* gathered,
    Transcripts transcripts,
    Heads* heads,
    const char* alternate,
    size_t alternate_length,
    EffectColumns columns,
) except -1 nogil:
    """Write an allele's effects to all columns."""
    cdef size_t index
    cdef const Effect* effect
    cdef const Piece* head
    for index in range(gathered.count):
        if index:
            put_char(&columns.ann.text, b',')
        effect = gathered.order[index].effect
        head = _head(heads, transcripts, effect.transcript)
        put_entry(
            &columns.ann.text,
            effect,
            &gathered.words,
            heads.text.data + head.offset,
            head.length,
            alternate,
            alternate_length,
        )
    return columns.put_first(gathered.order[0].effect, &gathered.words)


def annotate_effects(
    Records records not None,
    size_t run,
    Sequence sequence not None,
    Transcripts transcripts not None,
    EffectColumns columns not None,
):
    """Append the values of the run's alleles to the columns; a skipped allele has none.

    ``sequence`` covers the run's alleles and as much around them as they may slide (3' rule);
    `Transcripts.load` was called for the run. Raises IndexError for a run that is not there.
    """
    cdef Gathered gathered
    cdef Heads heads
    cdef size_t index
    cdef const Allele* allele
    if run >= records.run_count:
        raise IndexError(run)
    memset(&gathered, 0, sizeof(Gathered))
    memset(&heads, 0, sizeof(Heads))
    heads.of = <Piece*>calloc(transcripts.count + 1, sizeof(Piece))
    if heads.of == NULL:
        raise MemoryError
    try:
        with nogil:
            for index in range(records.runs[run].first_allele, records.runs[run].end_allele):
                allele = &records.alleles[index]
                if allele.skip == ANNOTATED:
                    examine(
                        &gathered.subject,
                        allele,
                        records.bases.data + allele.inserted,
                        sequence.window_at(allele.start),
                    )
                    gather(&gathered, transcripts)
                    _write(
                        &gathered,
                        transcripts,
                        &heads,
                        records.data + allele.alternate,
                        allele.alternate_length,
                        columns,
                    )
                columns.end_allele()
    finally:
        let_go(&gathered)
        free(heads.of)
        release(&heads.text)
