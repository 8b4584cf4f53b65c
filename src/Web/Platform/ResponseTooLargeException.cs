namespace FollowUp.Web.Platform;

/// <summary>A buffered response exceeds its limit.</summary>
/// <param name="message">Names the limit and the remedy.</param>
internal sealed class ResponseTooLargeException(string message) : Exception(message);
