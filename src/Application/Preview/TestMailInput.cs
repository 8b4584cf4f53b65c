using System.Text.Json;
using FollowUp.Application.Recipients;

namespace FollowUp.Application.Preview;

/// <summary>A test mail, as a client asks for it.</summary>
/// <param name="To">The address that gets it.</param>
/// <param name="Step">The index of an EMAIL.</param>
/// <param name="Recipient">Whom the mail speaks to; absent: somebody of whom only the address is known.</param>
/// <param name="Variables">A JSON object for the templates.</param>
/// <param name="OfferId">The offer that it is about.</param>
/// <param name="Variant">The variant to send; absent: the one with the greatest weight.</param>
public sealed record TestMailInput(
    string? To,
    int? Step,
    RecipientInput? Recipient,
    JsonElement? Variables,
    string? OfferId,
    string? Variant
);
