using FollowUp.Application.Operations;
using FollowUp.Domain.Operations;

namespace FollowUp.Web.Operations;

/// <summary>Routes of mass changes (<c>/api/operations</c>).</summary>
internal static class OperationRoutes
{
    private const string Tag = "Operations";

    public static void MapOperations(this IEndpointRouteBuilder api)
    {
        api.MapGet("/operations", List).Reads("listOperations", Tag).Lists().Produces<Page<OperationView>>();
        api.MapGet("/operations/{id:guid}", Get).Reads("getOperation", Tag).Produces<OperationView>().Refuses(404);
        api.MapPost("/operations/{id:guid}/cancel", Cancel).Writes("cancelOperation", Tag).Produces<OperationView>().Refuses(404, 409);
    }

    /// <summary>List operations, newest first</summary>
    /// <remarks>
    /// Mass changes that run in background batches: deleting a sequence's rows, releasing a sequence's instances when it is enabled again,
    /// applying new schedules, calendars and limits, and actions on many instances. Finished operations are kept for 30 days.
    /// </remarks>
    /// <param name="state">Only operations in this state.</param>
    public static Task<IResult> List(
        [OneOf(typeof(OperationState))] string? state,
        Query<int>? limit,
        string? cursor,
        Sender sender,
        CancellationToken ct
    ) => sender.Answer(new ListOperations(state, limit, cursor), ct);

    /// <summary>Get an operation and its progress</summary>
    /// <remarks>
    /// `total` is null until the rows are counted. `done` counts changed rows, `refused` rows that a rule refused (`refusedBy` has the codes),
    /// and `errors` rows that were skipped because changing them failed.
    /// </remarks>
    public static Task<IResult> Get(Guid id, Sender sender, CancellationToken ct) => sender.Answer(new GetOperation(new(id)), ct);

    /// <summary>Cancel an operation after its current batch</summary>
    /// <remarks>
    /// Completed changes remain. 409 `notCancellable` for a deletion and for the release of a sequence's instances (disable the sequence
    /// instead), `invalidTransition` when the operation has ended.
    /// </remarks>
    public static Task<IResult> Cancel(Guid id, Sender sender, CancellationToken ct) => sender.Answer(new CancelOperation(new(id)), ct);
}
