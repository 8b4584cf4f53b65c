using Fluid;
using Fluid.Values;
using FollowUp.Application.Templates;

namespace FollowUp.Infrastructure.Templates;

/// <summary>The names with which variables in templates may start.</summary>
internal static class TemplateRoots
{
    /// <summary>
    /// The maximum length of a variable's name including all members. Looking up a value tries every way to split the name at its dots, and messages
    /// contain names.
    /// </summary>
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

    /// <summary>Whether the client supplies the variable's value.</summary>
    public static bool IsGiven(string variable) => Root(variable) is "recipient" or "offer" or "variables";

    /// <summary>Why the variable cannot be read: its name is too long, or it is output although it can never have a value. Null if it can.</summary>
    public static TemplateError? Wrong(VariableUse use, TemplateKind kind) =>
        use.Name.Length > LongestName ? new TemplateError($"reads a variable whose name has more than {LongestName} characters.", 0, 0)
        : use.IsBare ? NeverGiven(use.Name, kind)
        : null;

    /// <summary>
    /// Warns of variables that can never have a value. Without a default such a variable is an error; a default or a condition hides the misspelling.
    /// </summary>
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
        if (!Members.TryGetValue(root, out var members))
        {
            return $"'{use.Name}' never has a value: templates read {string.Join(", ", Members.Keys.Order(StringComparer.Ordinal))}. Was variables.{use.Name} meant?";
        }

        var member = use.Name[root.Length..];
        return members is null or [] || !member.StartsWith('.') || members.Contains(Root(member[1..]), StringComparer.Ordinal)
            ? null
            : $"'{use.Name}' never has a value: {root} has {string.Join(", ", members)}.";
    }

    private static TemplateError? NeverGiven(string variable, TemplateKind kind)
    {
        if (kind == TemplateKind.Message && Root(variable) == "unsubscribeUrl")
        {
            return new TemplateError("writes out 'unsubscribeUrl', which nothing gives: text messages have no link.", 0, 0);
        }

        if (!Members.TryGetValue(Root(variable), out var members))
        {
            return new TemplateError(
                $"writes out '{variable}', which nothing gives: templates read {string.Join(", ", Members.Keys.Order(StringComparer.Ordinal))}. Was variables.{variable} meant?",
                0,
                0
            );
        }

        var member = variable[Root(variable).Length..].TrimStart('.');
        return members is null || member.Length == 0 && members.Length == 0 || members.Contains(member, StringComparer.Ordinal)
            ? null
            : new TemplateError(
                members.Length == 0
                    ? $"writes out '{variable}', which nothing gives: {Root(variable)} is a text."
                    : $"writes out '{variable}', which nothing gives: {Root(variable)} has {string.Join(", ", members)}.",
                0,
                0
            );
    }

    private static string Root(string variable) => variable.Split('.', '[')[0];
}

/// <summary>
/// The values that templates read, as plain values: none refers to a .NET object, so templates cannot access any. Built once for all texts of a
/// message.
/// </summary>
internal sealed class TemplateValues(TemplateModel model)
{
    private (string Name, FluidValue Value)[]? _values;

    /// <summary>Adds the model's values to a context.</summary>
    /// <exception cref="JsonException">The variables are not a JSON object.</exception>
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
