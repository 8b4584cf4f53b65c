using System.Text.Json;
using FollowUp.Application.Recipients;
using FollowUp.Application.Sequences;

namespace FollowUp.Application.Preview;

/// <summary>For whom a sequence is previewed, as a client writes it.</summary>
/// <param name="Recipient">The person.</param>
/// <param name="Variables">A JSON object for the templates.</param>
/// <param name="OfferId">The offer that it is about.</param>
/// <param name="StartAt">When it would start; absent means now.</param>
/// <param name="Assume">What is taken for granted about the future.</param>
/// <param name="Steps">Steps to preview in place of those that are saved, under the sequence's name and schedule.</param>
public sealed record PreviewInput(
    RecipientInput? Recipient,
    JsonElement? Variables,
    string? OfferId,
    DateTimeOffset? StartAt,
    PreviewAssumptions? Assume,
    IReadOnlyList<StepInput?>? Steps = null
);
