using FollowUp.Application;
using FollowUp.Application.Messaging;
using FollowUp.Application.Sandbox;
using FollowUp.Web.Http;

namespace FollowUp.Web.Endpoints;

/// <summary>The routes of a sandbox: its clock, and what its providers were handed. All other routes serve it as they do the live world.</summary>
internal static class Sandbox
{
    private const string Tag = "Sandbox";

    public static void MapSandbox(this IEndpointRouteBuilder api)
    {
        api.MapGet("/sandbox/clock", Clock)
            .Reads("getSandboxClock", Tag, "What the sandbox's clock shows, and when the next step is due")
            .InSandbox()
            .Produces<SandboxClockView>();
        api.MapPost("/sandbox/clock", Move)
            .Writes("moveSandboxClock", Tag, "Move the sandbox's clock, and carry out all that falls due on the way")
            .InSandbox()
            .Costs(RequestCost.Stream)
            .Renders()
            .Produces<SandboxMoveView>()
            .ProducesProblem(409);
        api.MapGet("/sandbox/messages", Messages)
            .Reads("listSandboxMessages", Tag, "The messages that the sandbox's providers were handed, oldest first")
            .Lists()
            .InSandbox()
            .Produces<Page<SandboxMessageView>>();
        api.MapDelete("/sandbox", Empty)
            .Writes("emptySandbox", Tag, "Delete everything in the sandbox, and let its clock stand at the real present")
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
