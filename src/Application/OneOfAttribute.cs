namespace FollowUp.Application;

/// <summary>The values of a text field or parameter, for the OpenAPI document. Validators enforce them.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class OneOfAttribute(params string[] words) : Attribute
{
    /// <summary>The values.</summary>
    public IReadOnlyList<string> Words { get; } = words;

    /// <summary>The names of an enum, or the constants of a static class, and more values.</summary>
    public OneOfAttribute(Type type, params string[] more)
        : this([.. more, .. type.IsEnum ? Enum.GetNames(type).Select(name => NameOf(type, name)) : Constants(type)]) { }

    private static IEnumerable<string> Constants(Type type) => type.GetFields().Select(field => (string)field.GetRawConstantValue()!);

    private static string NameOf(Type type, string name) =>
        type == typeof(InstanceStatus) ? name.ToUpperInvariant() : JsonNamingPolicy.CamelCase.ConvertName(name);
}
