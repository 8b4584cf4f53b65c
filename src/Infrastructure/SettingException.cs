namespace FollowUp.Infrastructure;

/// <summary>A setting is missing or wrong, so the program cannot start. The message is the one sentence that its operator reads.</summary>
/// <param name="sentence">What is missing or wrong, and where to set it.</param>
public sealed class SettingException(string sentence) : Exception(sentence);
