using FollowUp.Application.Operations;

namespace FollowUp.Web.Endpoints;

/// <summary>Routes of mass changes (<c>/api/operations</c>).</summary>
internal static class Operations
{
    private const string Tag = "Operations";

    public static void MapOperations(this IEndpointRouteBuilder api)
    {
        api.MapGet("/operations", List)
            .Reads("listOperations", Tag, "List operations, newest first")
            .Lists()
            .Produces<Page<OperationView>>();
        api.MapGet("/operations/{id:guid}", Get)
            .Reads("getOperation", Tag, "Get an operation and its progress")
            .Produces<OperationView>()
            .ProducesProblem(404);
        api.MapPost("/operations/{id:guid}/cancel", Cancel)
            .Writes("cancelOperation", Tag, "Cancel an operation after its current batch")
            .Produces<OperationView>()
            .ProducesProblem(404)
            .ProducesProblem(409);
    }

    private static async Task<IResult> List(string? state, string? limit, string? cursor, Sender sender, CancellationToken ct)
    {
        var query = new QueryReader();
        var request = new ListOperations(state, query.Number("limit", limit), cursor);
        return query.Problem ?? await sender.Answer(request, ct);
    }

    private static Task<IResult> Get(Guid id, Sender sender, CancellationToken ct) => sender.Answer(new GetOperation(new(id)), ct);

    private static Task<IResult> Cancel(Guid id, Sender sender, CancellationToken ct) => sender.Answer(new CancelOperation(new(id)), ct);
}
