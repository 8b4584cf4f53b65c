using FollowUp.Application.Operations;

namespace FollowUp.Web.Instances;

/// <summary>Routes that act on one instance, or on many in the background.</summary>
internal static class InstanceActionRoutes
{
    public static void MapInstanceActions(this IEndpointRouteBuilder api)
    {
        api.MapPost("/instances/actions", Act)
            .Creates("actOnInstances", InstanceRoutes.Tag)
            .Costs(RequestCost.Aggregate)
            .WithMetadata(ConcurrencyLimited.Instance)
            .Produces<OperationView>(202)
            .Produces<InstanceActionCounts>();
        Map(api, "pause", "pauseInstance", Pause);
        Map(api, "resume", "resumeInstance", Resume);
        Map(api, "stop", "stopInstance", Stop);
        Map(api, "retry", "retryStep", Retry);
        Map(api, "skip", "skipStep", Skip);
        Map(api, "resolve", "resolveStep", Resolve);
    }

    private static Task<IResult> Perform(InstanceAction action, Guid id, Sender sender, CancellationToken ct) =>
        sender.Answer(new ActOnInstance(new(id), action), ct);

    private static void Map(IEndpointRouteBuilder api, string verb, string name, Delegate handler) =>
        api.MapPost($"/instances/{{id:guid}}/{verb}", handler).Writes(name, InstanceRoutes.Tag).Produces<InstanceView>().Refuses(404, 409);

    /// <summary>Pause, resume, stop, retry, skip or resolve many instances</summary>
    /// <remarks>
    /// `pause`, `resume` (with `timing`), `stop` (with `reason`), `retry`, `skip` or `resolve` (with `outcome`, for sends in doubt), for the
    /// instances that match `filter` or for up to 10,000 `ids`. Runs in the background as an operation. Instances that are enrolled later are
    /// not included, and steps that become due are spread as after enabling a sequence. With `dryRun` nothing changes; the response is a 200
    /// with the number of matching instances and of refusals by code. 409 `tooManyOperations` when 20 such operations are running.
    /// </remarks>
    public static Task<IResult> Act(JsonBody<InstanceActionInput> body, HttpContext http, Sender sender, CancellationToken ct) =>
        body.Value.DryRun == true
            ? sender.Answer(new CountInstanceAction(body.Value), ct)
            : sender.Answer(new ActOnInstances(body.Value), ct, begun => http.Created($"/api/operations/{begun.Id}", begun, 202));

    /// <summary>Pause an instance and keep the remaining wait</summary>
    public static Task<IResult> Pause(Guid id, Sender sender, CancellationToken ct) => Perform(InstanceAction.Pause, id, sender, ct);

    /// <summary>Resume a paused instance from the same step</summary>
    /// <remarks>
    /// `shift` (default): the wait that remained at the pause starts now. `keep`: the original due time; an overdue step is due now. `restart`:
    /// the full delay starts again.
    /// </remarks>
    public static async Task<IResult> Resume(Guid id, JsonBody<ResumeRequest> body, Sender sender, CancellationToken ct) =>
        body.Value.Timing switch
        {
            null or "shift" => await Perform(InstanceAction.Resume(), id, sender, ct),
            "keep" => await Perform(InstanceAction.Resume(ResumeTiming.Keep), id, sender, ct),
            "restart" => await Perform(InstanceAction.Resume(ResumeTiming.Restart), id, sender, ct),
            _ => Problems.Invalid("timing", "must be shift, keep or restart"),
        };

    /// <summary>Stop an instance permanently</summary>
    /// <remarks>
    /// `unsubscribed`, `complained` and `bounced` also suppress the address: the recipient's other instances stop when their next mails become
    /// due.
    /// </remarks>
    public static async Task<IResult> Stop(Guid id, JsonBody<StopRequest> body, Sender sender, CancellationToken ct) =>
        EnumNames.TryRead<StopReason>(body.Value.Reason, out var reason)
            ? await Perform(InstanceAction.Stop(reason), id, sender, ct)
            : Problems.Invalid("reason", "must be replied, unsubscribed, bounced, complained, goal or manual");

    /// <summary>Retry a failed step, with all retries available again</summary>
    /// <remarks>For FAILED instances. Otherwise 409 `invalidTransition`, which names both statuses.</remarks>
    public static Task<IResult> Retry(Guid id, Sender sender, CancellationToken ct) => Perform(InstanceAction.Retry, id, sender, ct);

    /// <summary>Skip a failed step and continue with the next one</summary>
    /// <remarks>For FAILED instances. Otherwise 409 `invalidTransition`, which names both statuses.</remarks>
    public static Task<IResult> Skip(Guid id, Sender sender, CancellationToken ct) => Perform(InstanceAction.Skip, id, sender, ct);

    /// <summary>Resolve a send in doubt</summary>
    /// <remarks>`sent`: the message was sent; continue with the next step. `resend`: send it again.</remarks>
    public static async Task<IResult> Resolve(Guid id, JsonBody<ResolveRequest> body, Sender sender, CancellationToken ct) =>
        body.Value.Outcome switch
        {
            "sent" => await Perform(InstanceAction.Resolve(Resolution.Sent), id, sender, ct),
            "resend" => await Perform(InstanceAction.Resolve(Resolution.Resend), id, sender, ct),
            _ => Problems.Invalid("outcome", "must be sent or resend"),
        };
}
