namespace FollowUp.Application.Templates;

/// <summary>
/// Counts the segments into which carriers split a text message; each is charged. A text in the GSM 7-bit alphabet (3GPP TS 23.038) has 160
/// characters in a single segment and 153 in each of several; any other text 70 and 67.
/// </summary>
internal static class SmsSegments
{
    private const string Basic =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    /// <summary>Each of these takes two characters, because an escape precedes it.</summary>
    private const string Extended = "\f^{}\\[~]|€";

    /// <summary>1 or more; 0 for an empty text.</summary>
    public static int Of(string text)
    {
        var (units, single, each) = Septets(text) is { } septets ? (septets, 160, 153) : (text.Length, 70, 67);
        return units <= single ? Math.Min(units, 1) : (units + each - 1) / each;
    }

    private static int? Septets(string text)
    {
        var septets = 0;
        foreach (var character in text)
        {
            if (Basic.Contains(character, StringComparison.Ordinal))
            {
                septets++;
            }
            else if (Extended.Contains(character, StringComparison.Ordinal))
            {
                septets += 2;
            }
            else
            {
                return null;
            }
        }

        return septets;
    }
}
