using Fluid;
using Fluid.Values;

namespace FollowUp.Infrastructure.Templates;

internal static class TemplateRoots
{
    // The maximum length of a variable's name including all members. Looking up a value tries every way to split the name at its dots, and messages
    // contain names.
    public const int LongestName = 500;

    private static readonly Dictionary<string, string[]?> Members = new(StringComparer.Ordinal)
    {
        ["recipient"] = RecipientMembers.Names,
        ["sequence"] = ["name"],
        ["step"] = ["number", "count"],
        ["sender"] = ["email", "name"],
        ["unsubscribeUrl"] = [],
        ["offer"] = null,
        ["variables"] = null,
    };

    public static bool IsGiven(string variable) => Root(variable) is "recipient" or "offer" or "variables";

    /// <summary>Why the variable cannot be read: its name is too long, or it is output although it can never have a value. Null if it can.</summary>
    public static TemplateError? Wrong(VariableUse use, TemplateKind kind) =>
        use.Name.Length > LongestName ? new TemplateError($"reads a variable whose name has more than {LongestName} characters.", 0, 0)
        : use.IsBare ? NeverGiven(use.Name, kind)
        : null;

    // Warns of variables that can never have a value. Without a default such a variable is an error; a default or a condition hides the misspelling.
    public static IEnumerable<TemplateWarning> Hints(IEnumerable<VariableUse> uses)
    {
        var hints = uses.Select(Hint).OfType<string>().ToList();
        return hints.Count switch
        {
            0 => [],
            1 => [new("unknownVariable", hints[0])],
            _ => [new("unknownVariable", $"{hints[0]} {hints.Count - 1} more like it.")],
        };
    }

    private static string? Hint(VariableUse use)
    {
        var root = Root(use.Name);
        var member = use.Name[root.Length..];
        return
            Members.TryGetValue(root, out var members)
            && (members is null or [] || !member.StartsWith('.') || members.Contains(Root(member[1..]), StringComparer.Ordinal))
            ? null
            : $"'{use.Name}' never has a value: {Known(use.Name)}";
    }

    private static TemplateError? NeverGiven(string variable, TemplateKind kind)
    {
        var root = Root(variable);
        if (kind == TemplateKind.Message && root == "unsubscribeUrl")
        {
            return new TemplateError("outputs 'unsubscribeUrl', which never has a value: text messages have no link.", 0, 0);
        }

        var member = variable[root.Length..].TrimStart('.');
        return
            Members.TryGetValue(root, out var members)
            && (members is null || (member.Length == 0 && members.Length == 0) || members.Contains(member, StringComparer.Ordinal))
            ? null
            : new TemplateError($"outputs '{variable}', which never has a value: {Known(variable)}", 0, 0);
    }

    /// <summary>What could be read instead of a variable that never has a value.</summary>
    private static string Known(string variable) =>
        !Members.TryGetValue(Root(variable), out var members)
            ? $"templates read {string.Join(", ", Members.Keys.Order(StringComparer.Ordinal))}. Was variables.{variable} meant?"
        : members is [] ? $"{Root(variable)} is a text."
        : $"{Root(variable)} has {string.Join(", ", members!)}.";

    private static string Root(string variable) => variable.Split('.', '[')[0];
}

/// <summary>
/// The values that templates read, as plain values: none refers to a .NET object, so templates cannot access any. Built once for all texts of a
/// message.
/// </summary>
internal sealed class TemplateValues(TemplateModel model)
{
    private (string Name, FluidValue Value)[]? _values;

    public void Set(TemplateContext context)
    {
        foreach (var (name, value) in _values ??= Read())
        {
            context.SetValue(name, value);
        }
    }

    private (string, FluidValue)[] Read()
    {
        using var json = JsonDocument.Parse(model.Variables);
        if (json.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("The variables are not a JSON object.");
        }

        return
        [
            ("recipient", new DictionaryValue(new RecipientMembers(model.Recipient))),
            ("sequence", Object(new() { ["name"] = new StringValue(model.SequenceName) })),
            ("step", Object(new() { ["number"] = NumberValue.Create(model.StepNumber), ["count"] = NumberValue.Create(model.StepCount) })),
            ("sender", Object(new() { ["email"] = Text(model.SenderEmail), ["name"] = Text(model.SenderName) })),
            ("unsubscribeUrl", Text(model.UnsubscribeUrl)),
            ("offer", Offer(json.RootElement, model.OfferId)),
            ("variables", Object(Members(json.RootElement))),
        ];
    }

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
            // A number that does not fit a decimal keeps its digits as text.
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

    /// <summary>A missing text is nil, so that <c>default</c> applies.</summary>
    public static FluidValue Text(string? text) => text is null ? NilValue.Instance : new StringValue(text);
}
