namespace FollowUp.Application.Sequences;

internal static class SequenceQueries
{
    public static IQueryable<SequenceRow> WithCurrentVersion(this IQueryable<Sequence> sequences, IReadDb db) =>
        sequences.SelectMany(
            s => db.Of<SequenceVersion>().Where(v => v.SequenceId == s.Id && v.Number == s.CurrentVersion),
            (s, v) => new SequenceRow { Sequence = s, Current = v }
        );
}
