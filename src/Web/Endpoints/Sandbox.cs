using FollowUp.Application.Sandbox;

namespace FollowUp.Web.Endpoints;

/// <summary>Routes of a sandbox: its clock and its messages. All other routes work in a sandbox as they do live.</summary>
internal static class Sandbox
{
    private const string Tag = "Sandbox";

    public static void MapSandbox(this IEndpointRouteBuilder api)
    {
        api.MapGet("/sandbox/clock", Clock)
            .Reads("getSandboxClock", Tag, "Get the sandbox's time and the due time of its next step")
            .InSandbox()
            .Produces<SandboxClockView>();
        api.MapPost("/sandbox/clock", Move)
            .Writes("moveSandboxClock", Tag, "Move the sandbox's clock and execute all steps that become due")
            .InSandbox()
            .Costs(RequestCost.Stream)
            .Renders()
            .Produces<SandboxMoveView>()
            .ProducesProblem(409);
        api.MapGet("/sandbox/messages", Messages)
            .Reads("listSandboxMessages", Tag, "List the messages that the sandbox sent, oldest first")
            .Lists()
            .InSandbox()
            .Produces<Page<SandboxMessageView>>();
        api.MapDelete("/sandbox", Empty)
            .Writes("emptySandbox", Tag, "Empty the sandbox and set its clock to the present")
            .InSandbox()
            .Costs(RequestCost.Aggregate)
            .Produces(204)
            .ProducesProblem(409);
    }

    private static RouteHandlerBuilder InSandbox(this RouteHandlerBuilder route) =>
        route.WithMetadata(new SandboxOnly()).ProducesProblem(403);

    private static Task<IResult> Clock(Sender sender, CancellationToken ct) => sender.Answer(new GetSandboxClock(), ct);

    private static Task<IResult> Move(JsonBody<MoveSandboxClock> body, Sender sender, CancellationToken ct) =>
        sender.Answer(body.Value, ct);

    private static async Task<IResult> Messages(
        string? instanceId,
        string? recipient,
        string? limit,
        string? cursor,
        Sender sender,
        CancellationToken ct
    )
    {
        var query = new QueryReader();
        var request = new ListSandboxMessages(
            query.Id("instanceId", instanceId),
            query.Text("recipient", recipient),
            query.Number("limit", limit),
            cursor
        );
        return query.Problem ?? await sender.Answer(request, ct);
    }

    private static Task<IResult> Empty(Sender sender, CancellationToken ct) =>
        sender.Answer(new EmptySandbox(), ct, _ => Results.NoContent());
}
