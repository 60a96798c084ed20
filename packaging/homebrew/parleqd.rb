# The sdist is the one of `make dist`; whoever keeps a tap puts its address and checksum here. Until then they come
# from the environment, of which Homebrew hands on what begins with HOMEBREW_:
#   HOMEBREW_PARLEQD_SDIST=file:///…/parleqd-0.1.0.tar.gz HOMEBREW_PARLEQD_SHA256=… brew install TAP/parleqd
class Parleqd < Formula
  desc "Local dictation daemon: speech in, clean text out, audio stays on the machine"
  url ENV.fetch("HOMEBREW_PARLEQD_SDIST", "file:///nonexistent/parleqd-0.1.0.tar.gz")
  version "0.1.0"
  sha256 ENV.fetch("HOMEBREW_PARLEQD_SHA256", "0" * 64)
  license "Apache-2.0"

  depends_on "python@3.13"

  on_linux do
    depends_on "portaudio"
    depends_on "pulseaudio"
  end

  # Each library comes by its checksum, from whatever index pip is set up with; the lock names none.
  def install
    python = Formula["python@3.13"].opt_libexec/"bin/python"
    locked = %w[install --require-hashes --only-binary :all: -r]
    system python, "-m", "venv", buildpath/"back-end"
    system buildpath/"back-end/bin/pip", *locked, "requirements/build.txt"
    system buildpath/"back-end/bin/hatchling", "build", "-t", "wheel", "-d", buildpath/"wheel"
    system python, "-m", "venv", libexec
    system libexec/"bin/pip", *locked, "requirements/base.txt"
    system libexec/"bin/pip", "install", "--no-deps", "--no-index", *Dir[buildpath/"wheel/*.whl"]
    %w[parleqd parleqctl parleq-hotkey].each { |program| bin.install_symlink libexec/"bin"/program }
    man1.install Dir["share/man/man1/*.1"]
    bash_completion.install Dir["share/bash-completion/completions/*"]
    zsh_completion.install Dir["share/zsh/site-functions/*"]
    fish_completion.install Dir["share/fish/vendor_completions.d/*"]
  end

  def caveats
    <<~TEXT
      `parleqctl service install` makes it start with your session; `parleqctl doctor` says what is missing.
      macOS asks for Microphone, Accessibility and Input Monitoring.
    TEXT
  end

  test do
    %w[parleqd parleqctl parleq-hotkey].each do |program|
      assert_match "#{program} #{version}", shell_output("#{bin}/#{program} --version")
    end
  end
end
