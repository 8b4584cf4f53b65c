namespace FollowUp.Application;

/// <summary>The names of enum members in the API.</summary>
public static class EnumNames
{
    /// <summary>Parses a name in any case; numbers and combinations are rejected.</summary>
    public static bool TryRead<T>(string? word, out T member)
        where T : struct, Enum
    {
        member = default;
        return word is { Length: > 0 }
            && char.IsAsciiLetter(word[0])
            && !word.Contains(',', StringComparison.Ordinal)
            && Enum.TryParse(word, ignoreCase: true, out member);
    }

    /// <summary>The member with a name in any case; the enum's first member for any other text.</summary>
    public static T ReadOrDefault<T>(string? word)
        where T : struct, Enum => TryRead<T>(word, out var member) ? member : default;

    /// <summary>All names of an enum in the API, in the enum's order.</summary>
    public static IEnumerable<string> All<T>()
        where T : struct, Enum => Enum.GetValues<T>().Select(CamelNames.Of);
}
