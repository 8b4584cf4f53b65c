using System.ComponentModel.DataAnnotations;

namespace FollowUp.Application.Preview;

/// <summary>The recipient and the options of a preview request.</summary>
/// <param name="Recipient">The recipient.</param>
/// <param name="Variables">A JSON object for the templates.</param>
/// <param name="OfferId">The client's id of the offer.</param>
/// <param name="StartAt">When the instance would start; absent means now.</param>
/// <param name="Assume">The assumptions.</param>
/// <param name="Steps">Steps to preview instead of the saved ones, with the sequence's name and schedule.</param>
public sealed record PreviewInput(
    RecipientInput? Recipient,
    JsonElement? Variables = null,
    string? OfferId = null,
    DateTimeOffset? StartAt = null,
    PreviewAssumptions? Assume = null,
    [property: Length(1, Sequence.MostSteps)] IReadOnlyList<StepInput?>? Steps = null
);
