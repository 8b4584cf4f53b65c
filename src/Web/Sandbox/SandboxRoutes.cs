using FollowUp.Application.Sandbox;

namespace FollowUp.Web.Sandbox;

/// <summary>Routes of a sandbox: its clock and its messages. All other routes work in a sandbox as they do live.</summary>
internal static class SandboxRoutes
{
    private const string Tag = "Sandbox";

    public static void MapSandbox(this IEndpointRouteBuilder api)
    {
        api.MapGet("/sandbox/clock", Clock).Reads("getSandboxClock", Tag).InSandbox().Produces<SandboxClockView>();
        api.MapPost("/sandbox/clock", Move)
            .Writes("moveSandboxClock", Tag)
            .InSandbox()
            .Costs(RequestCost.Stream)
            .Renders()
            .Produces<SandboxMoveView>()
            .Refuses(409);
        api.MapGet("/sandbox/messages", Messages)
            .Reads("listSandboxMessages", Tag)
            .Lists()
            .InSandbox()
            .Produces<Page<SandboxMessageView>>();
        api.MapDelete("/sandbox", Empty).Writes("emptySandbox", Tag).InSandbox().Costs(RequestCost.Aggregate).Produces(204).Refuses(409);
    }

    private static RouteHandlerBuilder InSandbox(this RouteHandlerBuilder route) => route.WithMetadata(new SandboxOnly()).Refuses(403);

    /// <summary>Get the sandbox's time and the due time of its next step</summary>
    /// <remarks>
    /// For API keys of kind `sandbox`; 403 `sandboxKeyRequired` for other callers. The clock does not advance until it is moved, so nothing
    /// happens in a sandbox by itself.
    /// </remarks>
    public static Task<IResult> Clock(Sender sender, CancellationToken ct) => sender.Answer(new GetSandboxClock(), ct);

    /// <summary>Move the sandbox's clock and execute all steps that become due</summary>
    /// <remarks>
    /// Pass `advance` (an ISO 8601 duration of at most ten years; `PT0S` executes the steps that are already due) or `to` (an instant). The
    /// clock stops at each instant at which a step is due, and the live engine executes the step there, and whatever follows from it. One call
    /// is bounded (by default 2,000 steps and 10 s): if `done` is false, call again with `to` set to `target`. Executed steps remain executed,
    /// even if the call is interrupted. 409 `sandboxBusy` while another call moves the clock.
    /// </remarks>
    public static Task<IResult> Move(JsonBody<MoveSandboxClock> body, Sender sender, CancellationToken ct) => sender.Answer(body.Value, ct);

    /// <summary>List the messages that the sandbox sent, oldest first</summary>
    /// <remarks>Each message as a provider would have received it, with its time on the sandbox's clock.</remarks>
    /// <param name="instanceId">Only messages of this instance.</param>
    /// <param name="recipient">Only messages to this address or number, case-insensitive.</param>
    public static Task<IResult> Messages(
        Query<Guid>? instanceId,
        string? recipient,
        Query<int>? limit,
        string? cursor,
        Sender sender,
        CancellationToken ct
    ) => sender.Answer(new ListSandboxMessages(instanceId, recipient, limit, cursor), ct);

    /// <summary>Empty the sandbox and set its clock to the present</summary>
    /// <remarks>
    /// Deletes all sequences, instances, events, messages, limits and calendars of the sandbox, and nothing else. 409 `sandboxBusy` while
    /// another call moves its clock.
    /// </remarks>
    public static Task<IResult> Empty(Sender sender, CancellationToken ct) => sender.AnswerEmpty(new EmptySandbox(), ct);
}
