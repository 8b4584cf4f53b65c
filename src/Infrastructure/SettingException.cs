namespace FollowUp.Infrastructure;

/// <summary>A setting is missing or invalid, so the program cannot start. The message is a single sentence for the operator.</summary>
/// <param name="sentence">What is missing or wrong, and where to set it.</param>
public sealed class SettingException(string sentence) : Exception(sentence);
