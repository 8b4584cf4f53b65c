using FollowUp.Domain.Recipients;

namespace FollowUp.Application.Templates;

/// <summary>
/// What templates may read: <c>recipient.*</c>, <c>offer.*</c>, <c>variables.*</c>, <c>sequence.name</c>, <c>step.number</c>, <c>step.count</c>,
/// <c>sender.*</c> and <c>unsubscribeUrl</c>, and nothing else.
/// </summary>
/// <param name="Recipient">The person: email, name, firstName, lastName, phone, timeZone.</param>
/// <param name="Variables">A JSON object. Its member <c>offer</c>, when it is an object, is what <c>offer.*</c> reads.</param>
/// <param name="OfferId">Read as <c>offer.id</c>.</param>
/// <param name="SequenceName">Read as <c>sequence.name</c>.</param>
public sealed record TemplateModel(Recipient Recipient, string Variables, string? OfferId, string SequenceName)
{
    /// <summary>Read as <c>step.number</c>: 1 for the first step.</summary>
    public int StepNumber { get; init; } = 1;

    /// <summary>Read as <c>step.count</c>: how many steps the sequence has.</summary>
    public int StepCount { get; init; } = 1;

    /// <summary>Read as <c>sender.email</c>; null where nobody sends.</summary>
    public string? SenderEmail { get; init; }

    /// <summary>Read as <c>sender.name</c>.</summary>
    public string? SenderName { get; init; }

    /// <summary>Read as <c>unsubscribeUrl</c>; null where there is none.</summary>
    public string? UnsubscribeUrl { get; init; }

    /// <summary>Whether addresses of images by <c>http:</c> are written as <c>https:</c>.</summary>
    public bool UpgradesImages { get; init; }

    /// <summary>What this rendering shares with others of the same request; null when it stands alone, as the worker's do.</summary>
    public RenderAllowance? Allowance { get; init; }
}
