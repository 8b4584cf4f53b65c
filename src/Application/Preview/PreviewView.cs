namespace FollowUp.Application.Preview;

/// <summary>The predicted course of a sequence.</summary>
/// <param name="StartAt">When the instance would start.</param>
/// <param name="TimeZone">The time zone of the local times: the schedule's or the recipient's, otherwise UTC.</param>
/// <param name="Steps">The steps, in order.</param>
/// <param name="CompletedAt">When the last step would be done, or the instance stopped.</param>
/// <param name="Suppressed">
/// The channels on which the recipient is suppressed: with <c>EMAIL</c> an enrolment is rejected, with <c>SMS</c> the first SMS stops the instance.
/// The steps are shown nevertheless, as <c>stopped</c> from the first suppressed one on.
/// </param>
public sealed record PreviewView(
    DateTimeOffset StartAt,
    string TimeZone,
    IReadOnlyList<PreviewStepView> Steps,
    DateTimeOffset CompletedAt,
    IReadOnlyList<string> Suppressed
)
{
    /// <summary>Probable mistakes in the sequence and in these mails; at most 100.</summary>
    public IReadOnlyList<SequenceWarning> Warnings { get; init; } = [];

    internal PreviewView WithWarnings(IReadOnlyList<Step> steps, ITemplateRenderer templates, bool upgradesImages) =>
        this with
        {
            Warnings = SequenceWarning.Of(
                steps,
                Steps.Where(step => step.Html is not null).Select(step => (step.Index, step.Html!)),
                templates,
                upgradesImages
            ),
        };
}
