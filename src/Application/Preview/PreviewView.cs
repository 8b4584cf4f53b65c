using FollowUp.Application.Sequences;
using FollowUp.Application.Templates;
using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Preview;

/// <summary>What a sequence would do.</summary>
/// <param name="StartAt">When it would start.</param>
/// <param name="TimeZone">The zone of the local times: the schedule's or the recipient's, else UTC.</param>
/// <param name="Steps">Its steps, in order.</param>
/// <param name="CompletedAt">When the last one would be done, or the instance stopped.</param>
/// <param name="Suppressed">
/// The channels in which this person gets nothing: with <c>EMAIL</c> an enrolment is refused, with <c>SMS</c> the first SMS stops the instance. The
/// steps are shown all the same, as <c>stopped</c> from the first one that is suppressed on.
/// </param>
public sealed record PreviewView(
    DateTimeOffset StartAt,
    string TimeZone,
    IReadOnlyList<PreviewStepView> Steps,
    DateTimeOffset CompletedAt,
    IReadOnlyList<string> Suppressed
)
{
    /// <summary>What is probably wrong in the sequence and in these mails; at most 100.</summary>
    public IReadOnlyList<SequenceWarning> Warnings { get; init; } = [];

    /// <summary>The view with its warnings.</summary>
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
