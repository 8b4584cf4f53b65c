namespace FollowUp.Infrastructure;

/// <summary>A setting is missing or wrong, so the program cannot start. The message is the one sentence that its operator reads.</summary>
/// <param name="sentence">Names the setting, and what to do.</param>
public sealed class SettingException(string sentence) : Exception(sentence);
