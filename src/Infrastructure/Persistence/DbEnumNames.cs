using System.Collections.Frozen;

namespace FollowUp.Infrastructure.Persistence;

/// <summary>The names of enum values in tables, which operators read with psql.</summary>
internal static class DbEnumNames
{
    /// <summary><c>InDoubt</c> → <c>IN_DOUBT</c>: statuses, types and channels.</summary>
    public static string Upper<T>(T value)
        where T : struct, Enum => Of<T>.Upper[value];

    /// <summary><c>InDoubt</c> → <c>in_doubt</c>: job states.</summary>
    public static string Lower<T>(T value)
        where T : struct, Enum => Of<T>.Lower[value];

    /// <summary>Reads either form, or the camel case of <see cref="CamelNames"/>: reasons, which the API returns unchanged.</summary>
    public static T Read<T>(string name)
        where T : struct, Enum => Of<T>.ByName[name];

    /// <summary>An enum's names, computed once: every step reads and writes a dozen of them.</summary>
    private static class Of<T>
        where T : struct, Enum
    {
        public static readonly FrozenDictionary<T, string> Upper = Named(JsonNamingPolicy.SnakeCaseUpper);
        public static readonly FrozenDictionary<T, string> Lower = Named(JsonNamingPolicy.SnakeCaseLower);
        public static readonly FrozenDictionary<string, T> ByName = Upper
            .Concat(Lower)
            .Concat(Enum.GetValues<T>().Select(value => KeyValuePair.Create(value, CamelNames.Of(value))))
            .DistinctBy(entry => entry.Value)
            .ToFrozenDictionary(entry => entry.Value, entry => entry.Key, StringComparer.Ordinal);

        private static FrozenDictionary<T, string> Named(JsonNamingPolicy policy) =>
            Enum.GetValues<T>().ToFrozenDictionary(value => value, value => policy.ConvertName(value.ToString()));
    }
}
