using System.Collections.Frozen;
using System.Text.Json;

namespace FollowUp.Domain.Shared;

/// <summary>
/// The names of enum members in the log, in tables and in the API. Hashes of events cover names of statuses and reasons, and tables keep
/// them, so a member keeps its name.
/// </summary>
public static class CamelNames
{
    /// <summary><c>NoSmsProvider</c> → <c>noSmsProvider</c>.</summary>
    /// <typeparam name="T">The enum.</typeparam>
    public static string Of<T>(T member)
        where T : struct, Enum => Names<T>.All[member];

    /// <summary>Computed once: every step writes several names.</summary>
    private static class Names<T>
        where T : struct, Enum
    {
        public static readonly FrozenDictionary<T, string> All = Enum.GetValues<T>()
            .ToFrozenDictionary(member => member, member => JsonNamingPolicy.CamelCase.ConvertName(member.ToString()));
    }
}
