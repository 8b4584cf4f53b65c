namespace FollowUp.Embedded;

/// <summary>The private PostgreSQL cannot be had. The message is one sentence for a person, with the end of the server's log where there is one.</summary>
public sealed class EmbeddedPostgresException : Exception
{
    /// <summary>Without a message.</summary>
    public EmbeddedPostgresException() { }

    /// <summary>With the sentence for a person.</summary>
    /// <param name="message">The sentence.</param>
    public EmbeddedPostgresException(string message)
        : base(message) { }

    /// <summary>With the sentence for a person and what was behind it.</summary>
    /// <param name="message">The sentence.</param>
    /// <param name="innerException">What was behind it.</param>
    public EmbeddedPostgresException(string message, Exception innerException)
        : base(message, innerException) { }
}
