namespace FollowUp.Infrastructure.Templates;

internal enum SlotDemand
{
    /// <summary>The value is the start of a URL: it must start with https:// or http://.</summary>
    WebAddress,

    /// <summary>The value is the start of a comment: it must not turn it into a conditional comment.</summary>
    NoCondition,
}

internal static partial class PlaceholderAnalysis
{
    /// <summary>Whether a value could complete a tag or a character reference.</summary>
    public static bool CompletesMarkup(string outline) => Completing().IsMatch(outline);

    /// <summary>Attributes whose value decides what is loaded, what is hidden or how a list is numbered.</summary>
    private static readonly HashSet<string> Deciding = ["style", "srcset", "class", "id", "media", "start"];

    // Whether each value is in running text, in a comment or in a quoted attribute, where only its escaped form matters. This excludes a style or a
    // script, the name of a tag or an attribute, an unquoted attribute, a position right after < or & (which it would
    // complete), and the scheme of a URL.
    public static bool ArePlain(string outline, char first, char last, Action<char, SlotDemand> demand)
    {
        if (CompletesMarkup(outline))
        {
            return false;
        }

        var plain = 0;
        foreach (var token in HtmlTokens.Of(outline))
        {
            var count = Count(outline.AsSpan(token.Start, token.End - token.Start));
            plain += token.Kind switch
            {
                _ when count == 0 => 0,
                HtmlTokenKind.Text => count,
                HtmlTokenKind.RawText when token.Name == "title" => count,
                HtmlTokenKind.StartTag => Attributes(token),
                HtmlTokenKind.Comment => IsPlainComment(outline[(token.Start + 4)..(token.End - 3)]) ? count : 0,
                _ => 0,
            };
        }

        return plain == Count(outline);

        int Count(ReadOnlySpan<char> text)
        {
            var count = 0;
            foreach (var c in text)
            {
                count += IsSlot(c) ? 1 : 0;
            }

            return count;
        }

        bool IsSlot(char c) => c >= first && c <= last;

        int Attributes(HtmlToken token) =>
            token
                .Attributes.Where(attribute =>
                    attribute.End > attribute.ValueEnd
                    && !Deciding.Contains(attribute.Name)
                    && token.Name is not ("meta" or "link")
                    && (token.Name, attribute.Name) is not ("input", "type")
                    && (
                        !MailMarkup.IsAddress(token.Name, attribute.Name)
                        || IsPlainAddress(outline[attribute.ValueStart..attribute.ValueEnd])
                    )
                )
                .Sum(attribute => Count(outline.AsSpan(attribute.ValueStart, attribute.ValueEnd - attribute.ValueStart)));

        bool IsPlainAddress(string address)
        {
            // As browsers read it: a reference such as &#115; contains characters that would seem to end the scheme.
            var trimmed = MailAddresses.Plain(AttributeText.Of(address).Text);
            if (trimmed.Length > 0 && IsSlot(trimmed[0]))
            {
                demand(trimmed[0], SlotDemand.WebAddress);
                return true;
            }

            // Once it is certain whether there is a scheme, nothing that follows changes it. A second slash would make it a URL of another host.
            var end = trimmed.AsSpan().IndexOfAny(":/?#");
            return end >= 0
                && Count(trimmed.AsSpan(0, end)) == 0
                && !trimmed.StartsWith("data", StringComparison.OrdinalIgnoreCase)
                && !(trimmed.Length > 1 && trimmed[0] is '/' or '\\' && IsSlot(trimmed[1]));
        }

        bool IsPlainComment(string text)
        {
            if (Ending().IsMatch(text))
            {
                return false;
            }

            var trimmed = text.AsSpan().TrimStart();
            if (trimmed.Length > 0 && IsSlot(trimmed[0]))
            {
                demand(trimmed[0], SlotDemand.NoCondition);
                return true;
            }

            if (!trimmed.StartsWith("[", StringComparison.Ordinal) && !trimmed.StartsWith("<![", StringComparison.Ordinal))
            {
                // It is removed, whatever its content.
                return true;
            }

            return ConditionalComment.Content(text) is var (start, length)
                && Count(text.AsSpan(start, length)) == Count(text)
                && ArePlain(text.Substring(start, length), first, last, demand);
        }
    }

    [GeneratedRegex(@"(<[/!?a-zA-Z0-9]*|&[#a-zA-Z0-9]*)[\uE000-\uEFFF]", RegexOptions.CultureInvariant)]
    private static partial Regex Completing();

    // With a dash or an exclamation mark, a value right next to these would complete the end of a comment.
    [GeneratedRegex(@"(?<=^|[-!])[\uE000-\uEFFF]|[\uE000-\uEFFF](?=$|[-!>])", RegexOptions.CultureInvariant)]
    private static partial Regex Ending();
}
