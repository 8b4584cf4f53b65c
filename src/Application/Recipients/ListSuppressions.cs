namespace FollowUp.Application.Recipients;

/// <summary>The caller's suppressions, newest first.</summary>
public sealed record ListSuppressions(SuppressionFilter Filter, int? Limit, string? Cursor) : IQuery<Page<SuppressionView>>, IPaged;

internal sealed class ListSuppressionsValidator : AbstractValidator<ListSuppressions>
{
    public ListSuppressionsValidator()
    {
        RuleFor(query => query.Filter).SetValidator(new SuppressionFilterValidator()).OverridePropertyName("");
    }
}

internal sealed class ListSuppressionsHandler(IReadDb db) : IQueryHandler<ListSuppressions, Page<SuppressionView>>
{
    public async Task<Result<Page<SuppressionView>>> Handle(ListSuppressions query, CancellationToken cancellationToken)
    {
        if (!query.TryReadCursor(nameof(ListSuppressions), id => id, out var last))
        {
            return Paging.BadCursor;
        }

        var rows = query.Filter.Apply(db.Of<Suppression>());
        rows = last is { } id ? rows.Where(s => s.Id.CompareTo(id) < 0) : rows;
        var page = await rows.OrderByDescending(s => s.Id).Take(query.Rows() + 1).ToListAsync(cancellationToken);
        return page.ToPage(
            query.Rows(),
            s => JsonSize.Of(s.Address),
            SuppressionView.From,
            s => Paging.Cursor(nameof(ListSuppressions), s.Id)
        );
    }
}
