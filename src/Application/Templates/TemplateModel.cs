namespace FollowUp.Application.Templates;

/// <summary>
/// The data that templates can read: <c>recipient.*</c>, <c>offer.*</c>, <c>variables.*</c>, <c>sequence.name</c>, <c>step.number</c>,
/// <c>step.count</c>, <c>sender.*</c> and <c>unsubscribeUrl</c>.
/// </summary>
/// <param name="Recipient">The recipient: email, name, firstName, lastName, phone, timeZone.</param>
/// <param name="Variables">A JSON object. Its member <c>offer</c>, if it is an object, provides <c>offer.*</c>.</param>
internal sealed record TemplateModel(Recipient Recipient, string Variables, string? OfferId, string SequenceName)
{
    /// <summary>Available as <c>step.number</c>: 1 for the first step.</summary>
    public int StepNumber { get; init; } = 1;

    /// <summary>Available as <c>step.count</c>: the number of steps of the sequence.</summary>
    public int StepCount { get; init; } = 1;

    /// <summary>Available as <c>sender.email</c>; null where no sender is configured.</summary>
    public string? SenderEmail { get; init; }

    /// <summary>Available as <c>sender.name</c>.</summary>
    public string? SenderName { get; init; }

    /// <summary>Available as <c>unsubscribeUrl</c>; null where there is none.</summary>
    public string? UnsubscribeUrl { get; init; }

    public bool UpgradesImages { get; init; }

    /// <summary>The allowance that the request's renderings share; null in the worker.</summary>
    public RenderAllowance? Allowance { get; init; }
}
