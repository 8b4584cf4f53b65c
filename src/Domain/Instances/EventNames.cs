using System.Collections.Frozen;
using System.Text.Json;

namespace FollowUp.Domain.Instances;

/// <summary>The names of statuses and reasons in the log and in the API. Hashes cover them, so a name never changes.</summary>
public static class EventNames
{
    /// <summary>A name such as <c>noSmsProvider</c>.</summary>
    public static string Of<T>(T member)
        where T : struct, Enum => Names<T>.All[member];

    private static class Names<T>
        where T : struct, Enum
    {
        public static readonly FrozenDictionary<T, string> All = Enum.GetValues<T>()
            .ToFrozenDictionary(member => member, member => JsonNamingPolicy.CamelCase.ConvertName(member.ToString()));
    }
}
