namespace FollowUp.Testing.Fakes;

/// <summary>What a fake HTTP provider does with a request: one of the records below.</summary>
public abstract record HttpAnswer
{
    private HttpAnswer() { }

    /// <summary>Takes the message and says so.</summary>
    public sealed record Accept : HttpAnswer;

    /// <summary>Takes the message and says so after a while.</summary>
    public sealed record AcceptLate(TimeSpan Delay) : HttpAnswer;

    /// <summary>Takes the message and never says so; the connection stays open until the client or <see cref="FakeProvider.Down"/> ends it.</summary>
    public sealed record AcceptThenNeverAnswer : HttpAnswer;

    /// <summary>Takes the message and resets the connection.</summary>
    public sealed record AcceptThenReset : HttpAnswer;

    /// <summary>Takes the message, and closes the connection in the middle of the answer's body.</summary>
    public sealed record AcceptThenBreakOffAnswer : HttpAnswer;

    /// <summary>Takes no message and answers with this status.</summary>
    public sealed record Status(int Code, string Body = "", params (string Name, string Value)[] Headers) : HttpAnswer;

    /// <summary>Takes no message: resets the connection when the headers are there, without having read the body.</summary>
    public sealed record CloseBeforeBody : HttpAnswer;

    /// <summary>Takes no message and answers with something that is not HTTP.</summary>
    public sealed record Garbage : HttpAnswer;
}
