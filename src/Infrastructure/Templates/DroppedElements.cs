namespace FollowUp.Infrastructure.Templates;

internal static class DroppedElements
{
    /// <summary>The end tag of each element, by the position of its start tag; none for an element that is never closed.</summary>
    public static Dictionary<int, int> EndsOf(List<HtmlToken> tokens)
    {
        Dictionary<int, int> ends = [];
        Dictionary<string, Stack<int>> open = new(StringComparer.Ordinal);
        for (var i = 0; i < tokens.Count; i++)
        {
            var name = tokens[i].Name;
            switch (tokens[i].Kind)
            {
                case HtmlTokenKind.StartTag when MailMarkup.FateOf(name) == ElementFate.Dropped:
                    (open.TryGetValue(name, out var starts) ? starts : open[name] = new Stack<int>()).Push(i);
                    break;
                case HtmlTokenKind.EndTag when open.TryGetValue(name, out var begun) && begun.TryPop(out var start):
                    ends[start] = i;
                    break;
                default:
                    break;
            }
        }

        return ends;
    }
}
