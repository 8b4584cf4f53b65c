namespace FollowUp.Application.Sequences;

/// <summary>The caller's sequences, newest first, each with its instances by status.</summary>
/// <param name="Q">Only sequences whose name contains this text, in any case.</param>
/// <param name="Enabled">Only sequences that are enabled, or that are not.</param>
/// <param name="Limit">The maximum number of rows per page.</param>
/// <param name="Cursor">The start of the page.</param>
public sealed record ListSequences(string? Q, bool? Enabled, int? Limit, string? Cursor) : IQuery<Page<SequenceView>>, IPaged;

internal sealed class ListSequencesValidator : AbstractValidator<ListSequences>
{
    public ListSequencesValidator()
    {
        RuleFor(query => query.Q)
            .Must(q => q is null or { Length: >= 1 and <= Sequence.LongestName })
            .WithMessage($"must have 1 to {Sequence.LongestName} characters");
    }
}

internal sealed class ListSequencesHandler(ISequencePages pages, IStepLists lists) : IQueryHandler<ListSequences, Page<SequenceView>>
{
    public async Task<Result<Page<SequenceView>>> Handle(ListSequences query, CancellationToken cancellationToken)
    {
        if (!query.TryReadCursor(nameof(ListSequences), id => new SequenceId(id), out var last))
        {
            return Paging.BadCursor;
        }

        var rows = await pages.Read(query.Q, query.Enabled, last, query.Rows() + 1, cancellationToken);
        var steps = await lists.Of(rows.ConvertAll(row => row.VersionId), cancellationToken);
        // A sequence that was deleted after the page was read has no steps and is omitted.
        var page = rows.ToPage(
            query.Rows(),
            row => steps.TryGetValue(row.VersionId, out var list) ? list.Json.Length : 0,
            row => steps.TryGetValue(row.VersionId, out var list) ? SequenceView.From(row, list) : null,
            row => Paging.Cursor(nameof(ListSequences), row.Id.Value)
        );
        return new Page<SequenceView>([.. page.Items.OfType<SequenceView>()], page.NextCursor);
    }
}
