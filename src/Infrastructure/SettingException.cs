namespace FollowUp.Infrastructure;

/// <summary>The program cannot start with the settings that it has. The message is one sentence that names the setting.</summary>
/// <param name="sentence">What is missing or wrong, and where to set it.</param>
public sealed class SettingMissingException(string sentence) : Exception(sentence);
