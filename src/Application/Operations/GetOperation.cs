namespace FollowUp.Application.Operations;

/// <summary>The progress of one of the caller's operations.</summary>
public sealed record GetOperation(OperationId Id) : IQuery<OperationView>;

internal sealed class GetOperationHandler(IReadDb db) : IQueryHandler<GetOperation, OperationView>
{
    public async Task<Result<OperationView>> Handle(GetOperation query, CancellationToken cancellationToken) =>
        await db.Of<Operation>().SingleOrDefaultAsync(o => o.Id == query.Id, cancellationToken) is { } found
            ? OperationView.From(found)
            : OperationErrors.NotFound;
}
