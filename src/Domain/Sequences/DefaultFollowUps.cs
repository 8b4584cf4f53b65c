namespace FollowUp.Domain.Sequences;

/// <summary>The texts for an EMAIL without a subject or body, by its position among the sequence's mails.</summary>
public static class DefaultFollowUps
{
    private const string Greeting = """<p>Hi {{ recipient.firstName | default: "there" }},</p>""";

    private const string About = "{% if offer.address %} on {{ offer.address }}{% endif %}";

    private static readonly EmailStep[] Texts =
    [
        new(
            $"Your offer{About}",
            $"{Greeting}<p>I wanted to make sure that you received our offer{About}. Do you have any questions about it?</p>"
        ),
        new(
            $"Following up{About}",
            $"{Greeting}<p>I am following up on our offer{About}. Is there anything that would help you decide?</p>"
        ),
        new(
            $"Still interested in our offer{About}?",
            $"{Greeting}<p>Is our offer{About} still of interest to you? A short answer is enough.</p>"
        ),
        new(
            $"Last note{About}",
            $"{Greeting}<p>This is my last note about our offer{About}. If the timing is wrong, just tell me when to come back.</p>"
        ),
    ];

    /// <summary>The default follow-up for a position.</summary>
    public static EmailStep At(IReadOnlyList<Step> steps, StepIndex index)
    {
        var mailsBefore = steps.Take(index.Value).Count(step => step is EmailStep);
        return Texts[Math.Min(mailsBefore, Texts.Length - 1)];
    }
}
