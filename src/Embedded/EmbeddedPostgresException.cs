namespace FollowUp.Embedded;

/// <summary>The private PostgreSQL is unavailable. The message is one sentence for the user, with the end of the server's log if there is one.</summary>
public sealed class EmbeddedPostgresException : Exception
{
    /// <summary>Without a message.</summary>
    public EmbeddedPostgresException() { }

    /// <summary>With a message for the user.</summary>
    /// <param name="message">The message.</param>
    public EmbeddedPostgresException(string message)
        : base(message) { }

    /// <summary>With a message for the user and its cause.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause.</param>
    public EmbeddedPostgresException(string message, Exception innerException)
        : base(message, innerException) { }
}
