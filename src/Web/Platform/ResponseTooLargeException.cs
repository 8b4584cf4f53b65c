namespace FollowUp.Web.Platform;

/// <summary>A response that is kept until it is complete exceeds its limit.</summary>
/// <param name="message">A sentence that names the limit and says what to do.</param>
internal sealed class ResponseTooLargeException(string message) : Exception(message);
