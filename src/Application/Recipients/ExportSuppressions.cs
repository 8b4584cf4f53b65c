using System.Runtime.CompilerServices;

namespace FollowUp.Application.Recipients;

/// <summary>
/// All of the caller's suppressions, newest first, as a stream. Each page is a separate statement, so a slow client holds no connection.
/// </summary>
public sealed record ExportSuppressions(SuppressionFilter Filter) : IQuery<IAsyncEnumerable<SuppressionView>>;

internal sealed class ExportSuppressionsValidator : AbstractValidator<ExportSuppressions>
{
    public ExportSuppressionsValidator() =>
        RuleFor(query => query.Filter).SetValidator(new SuppressionFilterValidator()).OverridePropertyName("");
}

internal sealed class ExportSuppressionsHandler(IReadDb db) : IQueryHandler<ExportSuppressions, IAsyncEnumerable<SuppressionView>>
{
    private const int RowsAStatement = 1_000;

    public async Task<Result<IAsyncEnumerable<SuppressionView>>> Handle(ExportSuppressions query, CancellationToken cancellationToken) =>
        Result.Success(await Pages(query.Filter, cancellationToken).Begin(cancellationToken));

    private async IAsyncEnumerable<SuppressionView> Pages(
        SuppressionFilter filter,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        Guid? last = null;
        while (true)
        {
            var rows = filter.Apply(db.Of<Suppression>());
            if (last is { } before)
            {
                rows = rows.Where(s => s.Id.CompareTo(before) < 0);
            }

            var page = await rows.OrderByDescending(s => s.Id).Take(RowsAStatement).ToListAsync(cancellationToken);
            foreach (var row in page)
            {
                yield return SuppressionView.From(row);
            }

            if (page.Count < RowsAStatement)
            {
                yield break;
            }

            last = page[^1].Id;
        }
    }
}
