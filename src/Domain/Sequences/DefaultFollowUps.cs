namespace FollowUp.Domain.Sequences;

/// <summary>The text that an EMAIL without a subject or body of its own gets, by its place among the sequence's mails.</summary>
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
        new($"Still interested?{About}", $"{Greeting}<p>Is our offer{About} still of interest to you? A short answer is enough.</p>"),
        new(
            $"Last note{About}",
            $"{Greeting}<p>This is my last note about our offer{About}. If the timing is wrong, just tell me when to come back.</p>"
        ),
    ];

    /// <summary>Fills in what the author left out.</summary>
    /// <param name="steps">All steps of the sequence.</param>
    /// <param name="index">Where the EMAIL stands.</param>
    /// <returns>The EMAIL with both subject and body.</returns>
    public static (string Subject, string Body) For(IReadOnlyList<Step> steps, StepIndex index)
    {
        var email = (EmailStep)steps[index.Value];
        var mailsBefore = steps.Take(index.Value).Count(step => step is EmailStep);
        var text = Texts[Math.Min(mailsBefore, Texts.Length - 1)];
        return (email.Subject ?? text.Subject!, email.Body ?? text.Body!);
    }
}
