using System.Text.Json;
using Fluid.Values;
using FollowUp.Application.Dispatch;
using FollowUp.Domain.Instances;

namespace FollowUp.Infrastructure.Templates;

/// <summary>What templates read, as plain values: no .NET object is behind any of them, so that there is nothing to reach through them.</summary>
internal static class TemplateValues
{
    /// <summary>The model's values, by the names under which templates find them. A mail's subject and body share them.</summary>
    /// <exception cref="JsonException">The variables are no JSON object.</exception>
    public static (string Name, FluidValue Value)[] Of(TemplateModel model)
    {
        using var json = JsonDocument.Parse(model.Variables);
        if (json.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("The variables are no JSON object.");
        }

        var variables = Members(json.RootElement);
        return
        [
            ("recipient", Recipient(model.Recipient)),
            ("sequence", Object(new() { ["name"] = new StringValue(model.SequenceName) })),
            ("offer", Offer(json.RootElement, model.OfferId)),
            ("variables", Object(variables)),
        ];
    }

    private static DictionaryValue Recipient(Recipient recipient) =>
        Object(
            new()
            {
                ["email"] = Text(recipient.Email.Value),
                ["name"] = Text(recipient.Name),
                ["firstName"] = Text(recipient.FirstName),
                ["phone"] = Text(recipient.Phone?.Value),
                ["timeZone"] = Text(recipient.TimeZone),
            }
        );

    private static FluidValue Offer(JsonElement variables, string? offerId)
    {
        var given = variables.TryGetProperty("offer", out var offer) && offer.ValueKind == JsonValueKind.Object;
        if (!given && offerId is null)
        {
            return NilValue.Instance;
        }

        var members = given ? Members(offer) : [];
        if (offerId is not null)
        {
            members["id"] = Text(offerId);
        }

        return Object(members);
    }

    private static FluidValue Value(JsonElement json) =>
        json.ValueKind switch
        {
            JsonValueKind.Object => Object(Members(json)),
            JsonValueKind.Array => new ArrayValue([.. json.EnumerateArray().Select(Value)]),
            JsonValueKind.String => new StringValue(json.GetString()),
            // A number that no decimal holds keeps its digits.
            JsonValueKind.Number => json.TryGetDecimal(out var number) ? NumberValue.Create(number) : new StringValue(json.GetRawText()),
            JsonValueKind.True => BooleanValue.True,
            JsonValueKind.False => BooleanValue.False,
            _ => NilValue.Instance,
        };

    private static Dictionary<string, FluidValue> Members(JsonElement json)
    {
        var members = new Dictionary<string, FluidValue>(StringComparer.Ordinal);
        foreach (var member in json.EnumerateObject())
        {
            members[member.Name] = Value(member.Value);
        }

        return members;
    }

    private static DictionaryValue Object(Dictionary<string, FluidValue> members) => new(new FluidValueDictionaryFluidIndexable(members));

    private static FluidValue Text(string? text) => text is null ? NilValue.Instance : new StringValue(text);
}
