namespace FollowUp.Application.Preview;

/// <summary>A request for a test mail.</summary>
/// <param name="To">The address to send to.</param>
/// <param name="Step">The index of an EMAIL.</param>
/// <param name="Recipient">The recipient whose values are used; if absent, a recipient with only an address.</param>
/// <param name="Variables">A JSON object for the templates.</param>
/// <param name="OfferId">The client's id of the offer.</param>
/// <param name="Variant">The variant to send; if absent, the one with the largest weight.</param>
public sealed record TestMailInput(
    string? To,
    int? Step,
    RecipientInput? Recipient = null,
    JsonElement? Variables = null,
    string? OfferId = null,
    string? Variant = null
);
