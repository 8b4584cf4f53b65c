using FollowUp.Application.Preview;
using FollowUp.Web.Instances;

namespace FollowUp.Web.Preview;

/// <summary>Routes of previews, test mails and explanations.</summary>
internal static class PreviewRoutes
{
    public static void MapPreviews(this IEndpointRouteBuilder api)
    {
        Previews(api.MapPost("/sequences/{id:guid}/preview", Sequence), "previewSequence").Refuses(404);
        Previews(api.MapPost("/preview", Steps), "previewSteps");
        api.MapPost("/sequences/{id:guid}/test-send", TestMail)
            .Writes("sendTestMail", SequenceRoutes.Tag)
            .RequireRateLimiting(Routes.TestMailPolicy)
            .Renders()
            .Costs(RequestCost.Render)
            .Produces<TestMailView>()
            .Refuses(404, 409);
        api.MapGet("/instances/{id:guid}/why", Why)
            .Reads("getWhy", InstanceRoutes.Tag)
            .Costs(RequestCost.Aggregate)
            .Produces<InstanceExplanation>()
            .Refuses(404);
    }

    private static RouteHandlerBuilder Previews(RouteHandlerBuilder route, string name) =>
        route
            .Reads(name, SequenceRoutes.Tag)
            .Costs(RequestCost.Render)
            .WithMetadata(ConcurrencyLimited.Instance)
            .Renders()
            .Produces<PreviewView>();

    /// <summary>Preview a sequence for a recipient without storing anything</summary>
    /// <remarks>
    /// Computes each step's time, the reasons that moved it, and its text, with the worker's code. `assume` sets a variant, pauses, or steps
    /// that are skipped. `steps` replaces the saved steps. A step with missing values has the outcome `failed`; the following steps are shown as
    /// if the error had been fixed. The unsubscribe link in the texts has no effect.
    /// </remarks>
    public static Task<IResult> Sequence(Guid id, JsonBody<PreviewInput> body, Sender sender, CancellationToken ct) =>
        sender.Answer(new PreviewSequence(new SequenceId(id), body.Value), ct);

    /// <summary>Preview unsaved steps for a recipient without storing anything</summary>
    /// <remarks>Like `previewSequence`, for steps that do not belong to a sequence yet.</remarks>
    public static Task<IResult> Steps(JsonBody<PreviewSteps> body, Sender sender, CancellationToken ct) => sender.Answer(body.Value, ct);

    /// <summary>Send one mail of the sequence to any address, marked as a test</summary>
    /// <remarks>
    /// The subject begins with `[Test] `, and the header `X-FollowUp-Test` is `true`. A follow-up without a subject shows `Re:` with the subject
    /// of the first mail. A test mail creates no instance and no event and does not count in statistics. It counts toward the operator's daily
    /// limit (`Ceilings:MailsPerDay`): 409 `ceilingReached` with the time `until` which the limit is used up. 409 `suppressed` for a suppressed
    /// address. At most 10 per minute.
    /// </remarks>
    public static Task<IResult> TestMail(Guid id, JsonBody<TestMailInput> body, Sender sender, CancellationToken ct) =>
        sender.Answer(new SendTestMail(new SequenceId(id), body.Value), ct);

    /// <summary>Explain an instance: the steps so far, the next step, and what it waits for</summary>
    /// <remarks>
    /// `steps` lists the executed steps with the attempts that are still stored. `next` is the next or failed step with its requested time, its
    /// due time and the reasons for the difference. `waitingFor` is the one thing that has to happen first. The result follows the worker's
    /// rules, including suppressions and, for a due message, limits and the operator's ceilings; `expected` is the predicted outcome of the
    /// step. The effect of a limit on a mail that is not due yet is not predicted.
    /// </remarks>
    public static Task<IResult> Why(Guid id, Sender sender, CancellationToken ct) => sender.Answer(new ExplainInstance(new(id)), ct);
}
