using FollowUp.Application.Templates;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;

namespace FollowUp.Application.Delivery;

/// <summary>For whom a step is rendered.</summary>
/// <param name="Owner">The user whose sequence it is.</param>
/// <param name="Instance">The instance; for a preview an id that nothing has.</param>
/// <param name="Recipient">The person.</param>
/// <param name="Variables">A JSON object for the templates.</param>
/// <param name="OfferId">The offer that it is about, or null.</param>
/// <param name="SequenceName">The sequence's name.</param>
/// <param name="Thread">The first mail that the person got; null before it.</param>
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
    /// <summary>Whether this is a preview or a test: the link in it then unsubscribes nobody.</summary>
    public bool IsTrial { get; init; }

    /// <summary>The variant to take where a step has one of that name; null leaves the choice to the ids.</summary>
    public string? Variant { get; init; }

    /// <summary>Whether addresses of images by <c>http:</c> are written as <c>https:</c>.</summary>
    public bool UpgradesImages { get; init; }

    /// <summary>What this rendering shares with others of the same request; null when it stands alone.</summary>
    public RenderAllowance? Allowance { get; init; }
}
