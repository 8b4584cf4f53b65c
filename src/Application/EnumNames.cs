namespace FollowUp.Application;

/// <summary>The words of the API, which enum members are written as.</summary>
public static class EnumNames
{
    /// <summary>Reads a word, whatever its case; numbers and combinations are no words.</summary>
    /// <typeparam name="T">The enum.</typeparam>
    /// <param name="member">The member that it names.</param>
    /// <returns>Whether it names one.</returns>
    public static bool TryRead<T>(string? word, out T member)
        where T : struct, Enum
    {
        member = default;
        return word is { Length: > 0 }
            && char.IsAsciiLetter(word[0])
            && !word.Contains(',', StringComparison.Ordinal)
            && Enum.TryParse(word, ignoreCase: true, out member);
    }

    /// <summary>The word of an enum's member, as the API writes it.</summary>
    /// <typeparam name="T">The enum.</typeparam>
    public static string Of<T>(T member)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(member.ToString());

    /// <summary>All words of an enum, as the API writes them.</summary>
    /// <typeparam name="T">The enum.</typeparam>
    /// <returns>The words, in the enum's order.</returns>
    public static IEnumerable<string> All<T>()
        where T : struct, Enum => Enum.GetNames<T>().Select(System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName);
}
