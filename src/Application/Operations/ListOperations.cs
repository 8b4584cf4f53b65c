namespace FollowUp.Application.Operations;

/// <summary>The caller's operations, newest first.</summary>
public sealed record ListOperations(string? State, int? Limit, string? Cursor) : IQuery<Page<OperationView>>, IPaged;

internal sealed class ListOperationsValidator : AbstractValidator<ListOperations>
{
    public ListOperationsValidator()
    {
        RuleFor(query => query.State)
            .Must(word => word is null || EnumNames.TryRead<OperationState>(word, out _))
            .WithMessage("must be queued, running, completed, cancelled or failed");
    }
}

internal sealed class ListOperationsHandler(IReadDb db) : IQueryHandler<ListOperations, Page<OperationView>>
{
    /// <summary>The size of a refusal count besides its code, in bytes.</summary>
    private const int BytesOfRefusal = 40;

    public async Task<Result<Page<OperationView>>> Handle(ListOperations query, CancellationToken cancellationToken)
    {
        if (!query.TryReadCursor(nameof(ListOperations), id => new OperationId(id), out var last))
        {
            return Paging.BadCursor;
        }

        var rows = db.Of<Operation>();
        if (query.State is { } word && EnumNames.TryRead<OperationState>(word, out var state))
        {
            rows = rows.Where(o => o.State == state);
        }

        rows = last is { } id ? rows.Where(o => o.Id < id) : rows;
        var page = await rows.OrderByDescending(o => o.Id).Take(query.Rows() + 1).ToListAsync(cancellationToken);
        return page.ToPage(
            query.Rows(),
            operation => JsonSize.Of(operation.LastError) + operation.RefusedBy.Keys.Sum(code => JsonSize.Of(code) + BytesOfRefusal),
            OperationView.From,
            o => Paging.Cursor(nameof(ListOperations), o.Id.Value)
        );
    }
}
