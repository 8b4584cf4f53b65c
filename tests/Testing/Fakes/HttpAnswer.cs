namespace FollowUp.Testing.Fakes;

/// <summary>The behaviour of a fake HTTP provider for a request: one of the records below.</summary>
public abstract record HttpAnswer
{
    private HttpAnswer() { }

    /// <summary>Accepts the message and answers.</summary>
    public sealed record Accept : HttpAnswer;

    /// <summary>Accepts the message and answers after a delay.</summary>
    public sealed record AcceptLate(TimeSpan Delay) : HttpAnswer;

    /// <summary>Accepts the message and never answers; the connection stays open until the client or <see cref="FakeProvider.Down"/> closes it.</summary>
    public sealed record AcceptThenNeverAnswer : HttpAnswer;

    /// <summary>Accepts the message and resets the connection.</summary>
    public sealed record AcceptThenReset : HttpAnswer;

    /// <summary>Accepts the message, and closes the connection in the middle of the answer's body.</summary>
    public sealed record AcceptThenBreakOffAnswer : HttpAnswer;

    /// <summary>Rejects the message with this status.</summary>
    public sealed record Status(int Code, string Body = "", params (string Name, string Value)[] Headers) : HttpAnswer;

    /// <summary>Accepts no message: resets the connection after the headers, without reading the body.</summary>
    public sealed record CloseBeforeBody : HttpAnswer;

    /// <summary>Accepts no message and answers with bytes that are not HTTP.</summary>
    public sealed record Garbage : HttpAnswer;
}
