namespace FollowUp.Application.Delivery;

/// <summary>The recipient of a rendered step and its data.</summary>
/// <param name="Instance">The instance's id; for a preview an unused id.</param>
/// <param name="Thread">The thread of the recipient's first mail; null before it was sent.</param>
public sealed record StepReader(
    OwnerId Owner,
    InstanceId Instance,
    Recipient Recipient,
    string Variables,
    string? OfferId,
    string SequenceName,
    MailThread? Thread
)
{
    /// <summary>Whether this is a preview or a test, whose unsubscribe link has no effect.</summary>
    public bool IsTrial { get; init; }

    /// <summary>The variant to use where a step has one of that name; null chooses by the ids.</summary>
    public string? Variant { get; init; }

    /// <summary>Whether <c>http:</c> image addresses are rewritten to <c>https:</c>.</summary>
    public bool UpgradesImages { get; init; }

    /// <summary>The allowance that the request's renderings share; null when there is none.</summary>
    public RenderAllowance? Allowance { get; init; }
}
