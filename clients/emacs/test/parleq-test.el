;;; parleq-test.el --- Tests of parleq.el against a scripted daemon  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; emacs -Q --batch -L clients/emacs -L clients/emacs/test -l parleq-test -f ert-run-tests-batch-and-exit

;;; Code:

(require 'ert)
(require 'parleq)
(require 'scripted-daemon)
(require 'term)
(require 'em-banner)
(require 'esh-mode)
(require 'eshell)
(require 'shell)

(defun shown ()
  "What is shown of dictations in the current buffer."
  (save-restriction
    (widen)
    (mapconcat (lambda (overlay) (overlay-get overlay 'after-string))
               (cl-remove-if-not (lambda (overlay) (overlay-get overlay 'parleq)) (overlays-in (point-min) (point-max)))
               "|")))

(defun said ()
  "What was said in the echo area."
  (with-current-buffer "*Messages*" (buffer-string)))

(defun begun ()
  "Begin a dictation at point, and wait until it is recorded."
  (parleq-start)
  (scripted-wait (scripted-asked 'session/result))
  (scripted-send (scripted-note "session/state" :session_id "s1" :phase "recording"))
  (scripted-wait (eq (parleq--dictation-phase (car (last parleq--dictations))) 'recording)))

(defun finished (result)
  "Stop the dictation, give RESULT, and wait until nothing is under way."
  (parleq-stop)
  (scripted-wait (scripted-asked 'session/stop))
  (scripted-send (scripted-answer 'session/result result))
  (scripted-wait (null parleq--dictations)))

(defun undo-once ()
  "What the undo key does when it is pressed once."
  (let ((last-command nil)) (undo-boundary) (undo)))

(defmacro in-buffer (text &rest body)
  "Run BODY in a buffer that holds TEXT and records undo."
  (declare (indent 1))
  `(let ((buffer (generate-new-buffer "dictated")))
     (unwind-protect
         (with-current-buffer buffer
           (buffer-enable-undo)
           (insert ,text)
           (undo-boundary)
           (goto-char (point-min))
           ,@body)
       (when (buffer-live-p buffer)
         (with-current-buffer buffer (set-buffer-modified-p nil))
         (kill-buffer buffer)))))

;;; Where the text goes

(ert-deftest parleq-text-comes-where-the-dictation-began ()
  (scripted-daemon nil
    (in-buffer "one three"
      (goto-char 5)
      (begun)
      (scripted-send (scripted-note "session/partial" :session_id "s1" :revision 1 :stable "Grö" :provisional "ße"))
      (scripted-wait (equal (shown) "Größe"))
      (goto-char (point-min))
      (insert "zero ")
      (goto-char (point-max))
      (finished (scripted-result "Größe 👍 "))
      (should (equal (buffer-string) "zero one Größe 👍 three"))
      (should (eobp))
      (should (equal (shown) ""))
      (undo-once)
      (should (equal (buffer-string) "zero one three"))
      (scripted-wait (scripted-asked 'session/acknowledge))
      (should (equal (plist-get (plist-get (car (scripted-asked 'session/acknowledge)) :receipt) :status) "verified"))
      (scripted-wait (null parleq--unacknowledged)))))

(ert-deftest parleq-point-that-waits-comes-behind-the-text ()
  (scripted-daemon nil
    (in-buffer "ab"
      (goto-char 2)
      (let ((other (split-window)))
        (set-window-buffer (selected-window) (current-buffer))
        (set-window-buffer other (current-buffer))
        (set-window-point other 2)
        (begun)
        (finished (plist-put (scripted-result "XY") :trailing_space t))
        (should (equal (buffer-string) "aXY b"))
        (should (= (point) 5))
        (should (= (window-point other) 5))
        (delete-window other)))))

(ert-deftest parleq-a-blank-is-put-behind-what-takes-one ()
  (dolist (case '(("XY" . "aXY b") ("XY\n" . "aXY\nb")))
    (scripted-daemon nil
      (in-buffer "ab"
        (goto-char 2)
        (begun)
        (finished (plist-put (scripted-result (car case)) :trailing_space t))
        (should (equal (buffer-string) (cdr case)))))))

(ert-deftest parleq-what-is-typed-afterwards-is-another-undo-step ()
  (scripted-daemon nil
    (in-buffer ""
      (set-window-buffer (selected-window) (current-buffer))
      (execute-kbd-macro "abc")
      (begun)
      (finished (scripted-result "Spoken."))
      (execute-kbd-macro "def")
      (should (equal (buffer-string) "abcSpoken.def"))
      (undo-once)
      (should (equal (buffer-string) "abcSpoken."))
      (let ((last-command 'undo)) (undo))
      (should (equal (buffer-string) "abc")))))

(ert-deftest parleq-two-dictations-at-one-place-keep-their-order ()
  (let ((number 0))
    (scripted-daemon `((session/start . ,(lambda (_) `(:session_id ,(format "s%d" (cl-incf number)))))
                       (session/result . ,(lambda (params) (scripted-result (plist-get params :session_id)))))
      (in-buffer "<>"
        (goto-char 2)
        (let ((scripted-answers (cl-remove 'session/result scripted-answers :key #'car)))
          (parleq-start)
          (scripted-wait (= (length (scripted-asked 'session/result)) 1))
          (parleq-stop)
          (parleq-start)
          (scripted-wait (= (length (scripted-asked 'session/result)) 2))
          (pcase-let ((`((,_ ,second . ,_) (,_ ,first . ,_))
                       (cl-remove 'session/result scripted-requests :key #'car :test-not #'eq)))
            (scripted-send `(:jsonrpc "2.0" :id ,first :result ,(scripted-result "first "))
                           `(:jsonrpc "2.0" :id ,second :result ,(scripted-result "second"))))
          (scripted-wait (null parleq--dictations)))
        (should (equal (buffer-string) "<first second>"))
        (should (= (point) 14))))))

(ert-deftest parleq-narrowing-is-left-as-it-is ()
  (scripted-daemon nil
    (in-buffer "one two three"
      (goto-char 5)
      (begun)
      (narrow-to-region 1 3)
      (finished (scripted-result "X "))
      (should (equal (buffer-string) "on"))
      (widen)
      (should (equal (buffer-string) "one X two three")))))

(ert-deftest parleq-a-huge-buffer ()
  (scripted-daemon nil
    (in-buffer (make-string 20000000 ?x)
      (goto-char 10000001)
      (begun)
      (goto-char (point-min))
      (finished (scripted-result "Y"))
      (should (= (char-after 10000001) ?Y))
      (undo-once)
      (should (= (buffer-size) 20000000)))))

(ert-deftest parleq-everything-in-one-chunk-arrives ()
  "The notifications that come with an answer are taken, and those that come before it."
  (scripted-daemon '((session/start . nil))
    (setq scripted-answers nil)
    (let ((scripted-usual (cl-remove 'session/start scripted-usual :key #'car)))
      (in-buffer ""
        (parleq-start)
        (scripted-wait (scripted-asked 'session/start))
        (scripted-send (scripted-note "session/state" :session_id "s1" :phase "recording")
                       (scripted-answer 'session/start '(:session_id "s1"))
                       (scripted-note "session/partial" :session_id "s1" :revision 1 :stable "a" :provisional "b")
                       (scripted-note "session/unheard_of" :session_id "s1")
                       (scripted-note "session/partial" :session_id "s1" :revision 2 :stable "ab" :provisional "c"))
        (scripted-wait (equal (shown) "abc"))
        (should (eq (parleq--dictation-phase (car parleq--dictations)) 'recording))))))

;;; Nothing is left behind

(ert-deftest parleq-cancel-leaves-no-trace ()
  (scripted-daemon nil
    (in-buffer "text"
      (set-buffer-modified-p nil)
      (let ((undo buffer-undo-list))
        (begun)
        (parleq-cancel)
        (should (equal (shown) ""))
        (scripted-wait (scripted-asked 'session/cancel))
        (scripted-send (scripted-refusal 'session/result "cancelled"))
        (scripted-wait (null parleq--dictations))
        (should (eq buffer-undo-list undo))
        (should-not (buffer-modified-p))
        (should (equal (buffer-string) "text"))))))

(ert-deftest parleq-cancel-before-the-daemon-has-answered ()
  (let ((scripted-usual (cl-remove 'session/start scripted-usual :key #'car)))
    (scripted-daemon nil
      (in-buffer ""
        (parleq-start)
        (parleq-cancel)
        (should (equal (shown) ""))
        (scripted-wait (scripted-asked 'session/start))
        (scripted-send (scripted-answer 'session/start '(:session_id "s1")))
        (scripted-wait (scripted-asked 'session/cancel))
        (scripted-wait (null parleq--dictations))
        (should-not (scripted-asked 'session/result))))))

(ert-deftest parleq-a-result-that-crosses-the-cancel-is-dropped ()
  (scripted-daemon nil
    (in-buffer ""
      (begun)
      (parleq-cancel)
      (scripted-send (scripted-answer 'session/result (scripted-result "Too late.")))
      (scripted-wait (null parleq--dictations))
      (should (equal (buffer-string) "")))))

(ert-deftest parleq-silence ()
  (scripted-daemon nil
    (in-buffer "text"
      (begun)
      (finished (scripted-result ""))
      (should (equal (buffer-string) "text"))
      (should (equal (shown) ""))
      (should (string-match-p "nothing was said" (said))))))

(ert-deftest parleq-a-text-that-was-not-polished-comes-and-says-why ()
  (scripted-daemon nil
    (in-buffer ""
      (begun)
      (finished (plist-put (scripted-result "Raw.") :fallback '(:reason "timeout" :message "no answer" :hint "later")))
      (should (equal (buffer-string) "Raw."))
      (should (string-match-p "no answer; later" (said))))))

(ert-deftest parleq-a-dictation-that-fails-says-why ()
  (scripted-daemon '((session/start . "microphone_busy"))
    (in-buffer "text"
      (parleq-start)
      (scripted-wait (string-match-p "refused: microphone_busy; a hint" (said)))
      (should-not parleq--dictations)
      (should (equal (shown) "")))))

(ert-deftest parleq-no-text-is-logged-and-none-of-the-buffer-is-sent ()
  (scripted-daemon nil
    (in-buffer "SECRET of the buffer"
      (begun)
      (finished (scripted-result "Dictated words."))
      (should-not (string-match-p "SECRET" scripted-sent))
      (should-not (string-match-p "Dictated" (said)))
      (dolist (other (buffer-list))
        (unless (eq other (current-buffer))
          (should-not (with-current-buffer other
                        (save-excursion (goto-char (point-min)) (search-forward "Dictated words." nil t)))))))))

(ert-deftest parleq-the-context-is-the-mode ()
  (dolist (case '((text-mode . "text") (emacs-lisp-mode . "elisp") (python-mode . "python") (sh-mode . "shellscript")))
    (in-buffer ""
      (let ((parleq-language "de"))
        (delay-mode-hooks (funcall (car case)))
        (should (equal (parleq--context) `(:app "emacs" :file_type ,(cdr case) :language "de")))))))

;;; Places where no text can be

(defun kept (why)
  "A text could not be inserted since WHY: it waits, and is had elsewhere."
  (should (string-match-p why (said)))
  (should (string-match-p "the text waits" (said)))
  (should-not (scripted-asked 'session/acknowledge))
  (setq scripted-answers
        `((session/pending . (:sessions [(:session_id "theirs" :state "ready" :started 9) (:session_id "s1" :started 8)]))
          (session/claim . ,(lambda (params)
                              (if (equal (plist-get params :session_id) "theirs") "not_owner" '(:session_id "s1"))))
          (session/result . ,(scripted-result "Kept."))))
  (in-buffer "<>"
    (goto-char 2)
    (parleq-last)
    (scripted-wait (scripted-asked 'session/acknowledge))
    (should (equal (buffer-string) "<Kept.>"))))

(ert-deftest parleq-read-only ()
  (scripted-daemon nil
    (in-buffer "text"
      (begun)
      (setq buffer-read-only t)
      (finished (scripted-result "Kept."))
      (should (equal (buffer-string) "text"))
      (kept "is read-only"))))

(ert-deftest parleq-read-only-text ()
  (scripted-daemon nil
    (in-buffer (propertize "prompt" 'read-only t)
      (goto-char 3)
      (begun)
      (finished (scripted-result "Kept."))
      (should (equal (buffer-string) "prompt"))
      (kept "read-only"))))

(ert-deftest parleq-read-only-from-the-beginning ()
  (scripted-daemon nil
    (in-buffer ""
      (setq buffer-read-only t)
      (should-error (parleq-start) :type 'buffer-read-only)
      (should-error (parleq-last) :type 'buffer-read-only)
      (should-not parleq--dictations))))

(ert-deftest parleq-killed ()
  (scripted-daemon nil
    (in-buffer ""
      (begun)
      (set-buffer-modified-p nil)
      (kill-buffer))
    (finished (scripted-result "Kept."))
    (kept "is gone")))

(ert-deftest parleq-a-hook-that-fails-undoes-it-all ()
  (scripted-daemon nil
    (in-buffer "text"
      (add-hook 'after-change-functions (lambda (&rest _) (error "No change today")) nil t)
      (begun)
      (finished (scripted-result "Kept."))
      (should (equal (buffer-string) "text"))
      (kept "No change today"))))

(ert-deftest parleq-changed-on-disk ()
  (let ((file (make-temp-file "parleq-")))
    (unwind-protect
        (scripted-daemon nil
          (with-current-buffer (find-file-noselect file)
            (begun)
            (write-region "other" nil file nil 'quiet)
            (set-file-times file (time-add nil 60))
            (finished (scripted-result "Kept."))
            (should (equal (buffer-string) ""))
            (kill-buffer))
          (kept "has changed on disk"))
      (delete-file file))))

(ert-deftest parleq-changed-on-disk-below-an-indirect-buffer ()
  (let ((file (make-temp-file "parleq-")))
    (unwind-protect
        (scripted-daemon nil
          (with-current-buffer (find-file-noselect file)
            (with-current-buffer (make-indirect-buffer (current-buffer) "indirect")
              (begun)
              (write-region "other" nil file nil 'quiet)
              (set-file-times file (time-add nil 60))
              (finished (scripted-result "Kept."))
              (should (equal (buffer-string) "")))
            (kill-buffer))
          (kept "indirect has changed on disk"))
      (delete-file file))))

(ert-deftest parleq-copied-by-the-users-act-only ()
  (scripted-daemon `((session/pending . (:sessions [(:session_id "s1" :started 1)]))
                     (session/claim . (:session_id "s1"))
                     (session/result . ,(scripted-result "Kept.")))
    (in-buffer ""
      (setq buffer-read-only t)
      (should-not kill-ring)
      (parleq-last t)
      (scripted-wait (scripted-asked 'session/acknowledge))
      (should (equal (car kill-ring) "Kept.")))))

(ert-deftest parleq-last-pressed-twice-comes-once ()
  (scripted-daemon `((session/pending . (:sessions [(:session_id "s1" :started 1)]))
                     (session/claim . (:session_id "s1"))
                     (session/result . ,(scripted-result "Kept.")))
    (in-buffer ""
      (parleq-mode 1)
      (scripted-wait parleq--introduced)
      (parleq-last)
      (should-error (parleq-last) :type 'user-error)
      (scripted-wait (scripted-asked 'session/acknowledge))
      (should (equal (buffer-string) "Kept."))
      (scripted-wait (null parleq--unacknowledged))
      (parleq-last)
      (scripted-wait (equal (buffer-string) "Kept.Kept.")))))

(ert-deftest parleq-the-last-one-once-more ()
  (scripted-daemon `((history/last . (:session_id "s0" :result ,(scripted-result "Once more."))))
    (in-buffer ""
      (parleq-last)
      (scripted-wait (equal (buffer-string) "Once more."))
      (should-not (scripted-asked 'session/acknowledge)))))

;;; Shells and terminals

(defmacro with-cat (call &rest body)
  "Run BODY in the buffer of a program, begun by CALL, that repeats what it reads."
  (declare (indent 1))
  `(let ((terminal ,call))
     (unwind-protect
         (with-current-buffer terminal
           (set-process-query-on-exit-flag (get-buffer-process terminal) nil)
           ,@body)
       (when (get-buffer-process terminal) (delete-process terminal))
       (kill-buffer terminal))))

(ert-deftest parleq-a-shell-gets-one-line-in-its-input ()
  (scripted-daemon nil
    (with-cat (make-comint "parleq-cat" "cat")
      (goto-char (point-max))
      (insert "ls ")
      (begun)
      (comint-output-filter (get-buffer-process terminal) "late output\n$ ")
      (finished (scripted-result "first\nsecond\n"))
      (should (string-suffix-p "late output\n$ ls first second" (buffer-string))))))

(ert-deftest parleq-what-began-in-a-shells-output-goes-to-its-input ()
  (scripted-daemon nil
    (with-cat (make-comint "parleq-cat" "cat")
      (comint-output-filter (get-buffer-process terminal) "old output\n$ ")
      (goto-char (point-max))
      (insert "echo ")
      (goto-char (point-min))
      (begun)
      (finished (scripted-result "hello"))
      (should (string-suffix-p "old output\n$ echo hello" (buffer-string))))))

(ert-deftest parleq-a-terminal-is-typed-into-without-return ()
  (scripted-daemon nil
    (with-cat (make-term "parleq-cat" "/bin/cat")
      (term-mode)
      (term-char-mode)
      (begun)
      (finished (scripted-result "first\nsecond\n"))
      (scripted-wait (string-match-p "first second" (buffer-string)))
      (should-not (string-match-p "first second\\s-*\n\\s-*first" (buffer-string))))))

(define-derived-mode vterm-mode nil "VTerm" (setq buffer-read-only t))
(defvar vterm-typed nil "What `vterm-send-string' was given.")
(defun vterm-send-string (string &optional paste-p)
  "Remember STRING and PASTE-P."
  (push (cons string paste-p) vterm-typed))

(ert-deftest parleq-no-control-character-is-typed ()
  (should (equal (parleq--one-line "one\n\e[31m\u007f\u009btwo größe \n") "one [31m two größe ")))

(ert-deftest parleq-vterm-is-pasted-into ()
  (scripted-daemon nil
    (with-cat (make-comint "parleq-cat" "cat")
      (vterm-mode)
      (setq vterm-typed nil)
      (begun)
      (finished (scripted-result "first\nsecond\n"))
      (should (equal vterm-typed '(("first second" . t)))))))

(ert-deftest parleq-a-terminal-whose-program-has-ended ()
  (scripted-daemon nil
    (with-cat (make-term "parleq-cat" "/bin/cat")
      (term-mode)
      (term-char-mode)
      (begun)
      (set-process-sentinel (get-buffer-process terminal) #'ignore)
      (delete-process (get-buffer-process terminal))
      (finished (scripted-result "Kept.")))
    (kept "")))

(ert-deftest parleq-eshell-gets-one-line-in-its-input ()
  (let ((eshell-directory-name (make-temp-file "parleq-" t)) (eshell-banner-message "banner\n"))
    (scripted-daemon nil
      (save-window-excursion
        (with-current-buffer (eshell t)
          (goto-char (point-min))
          (begun)
          (finished (scripted-result "first\nsecond\n"))
          (should (string-suffix-p "first second" (buffer-string)))
          (kill-buffer))))
    (delete-directory eshell-directory-name t)))

(ert-deftest parleq-a-minibuffer-that-is-closed ()
  (scripted-daemon nil
    (with-current-buffer (window-buffer (minibuffer-window))
      (begun)
      (finished (scripted-result "Kept."))
      (should (equal (buffer-string) "")))
    (kept "is not active any more")))

;;; Changing a region

(ert-deftest parleq-refine-replaces-in-one-step ()
  (scripted-daemon nil
    (in-buffer "keep größe 👍 keep"
      (parleq-refine-region 6 13)
      (scripted-wait (scripted-asked 'session/result))
      (should (equal (plist-get (plist-get (car (scripted-asked 'session/start)) :refine) :text) "größe 👍"))
      (goto-char (point-min))
      (insert "> ")
      (finished (plist-put (plist-put (scripted-result "GRÖSSE") :baseline "größe 👍") :trailing_space t))
      (should (equal (buffer-string) "> keep GRÖSSE keep"))
      (undo-once)
      (should (equal (buffer-string) "> keep größe 👍 keep")))))

(ert-deftest parleq-refine-spares-what-was-edited-meanwhile ()
  (scripted-daemon nil
    (in-buffer "keep this keep"
      (parleq-refine-region 6 10)
      (scripted-wait (scripted-asked 'session/result))
      (goto-char 8)
      (insert "--")
      (finished (plist-put (scripted-result "THAT") :baseline "this"))
      (should (equal (buffer-string) "keep th--is keep"))
      (kept "another one by now"))))

(ert-deftest parleq-refine-that-changes-nothing-says-why ()
  (scripted-daemon nil
    (in-buffer "keep"
      (parleq-refine-region 1 5)
      (scripted-wait (scripted-asked 'session/result))
      (set-buffer-modified-p nil)
      (finished (plist-put (scripted-result "keep") :fallback
                           '(:reason "timeout" :message "no answer" :hint "later")))
      (should (equal (buffer-string) "keep"))
      (should-not (buffer-modified-p))
      (scripted-wait (scripted-asked 'session/acknowledge))
      (should (string-match-p "stays as it is; no answer; later" (said))))))

(ert-deftest parleq-recover-comes-to-point ()
  (scripted-daemon nil
    (in-buffer "<>"
      (goto-char 2)
      (parleq-recover)
      (scripted-wait (scripted-asked 'session/result))
      (should-error (parleq-stop) :type 'user-error)
      (scripted-send (scripted-answer 'session/result (scripted-result "Again.")))
      (scripted-wait (equal (buffer-string) "<Again.>")))))

;;; The daemon goes, comes back, is absent, or another one

(ert-deftest parleq-a-daemon-that-dies-is-found-again-and-the-text-comes-once ()
  (scripted-daemon nil
    (in-buffer "<>"
      (goto-char 2)
      (begun)
      (let ((instance parleq--instance))
        (scripted-die)
        (scripted-wait (string-match-p "waiting for parleqd" (shown)))
        (should (string-match-p "Parleq:lost" (parleq--lighter)))
        (setq scripted-requests nil
              scripted-answers `((session/result . ,(scripted-result "Kept."))))
        (scripted-again)
        (scripted-wait (scripted-asked 'session/acknowledge))
        (should (equal (buffer-string) "<Kept.>"))
        (should (equal (plist-get (plist-get (car (scripted-asked 'initialize)) :client) :instance) instance))
        (should-not (scripted-asked 'session/pending))))))

(ert-deftest parleq-a-daemon-that-dies-before-the-acknowledgement-is-told-and-nothing-inserted-again ()
  (let ((scripted-usual (cl-remove 'session/acknowledge scripted-usual :key #'car)))
    (scripted-daemon nil
      (in-buffer ""
        (begun)
        (finished (scripted-result "Once."))
        (should (equal parleq--unacknowledged '("s1")))
        (scripted-die)
        (scripted-wait (null parleq--introduced))
        (setq scripted-requests nil
              scripted-answers '((session/acknowledge . nil)))
        (scripted-again)
        (scripted-wait (scripted-asked 'session/acknowledge))
        (scripted-wait (null parleq--unacknowledged))
        (should-not (scripted-asked 'session/result))
        (should (equal (buffer-string) "Once."))))))

(ert-deftest parleq-a-daemon-that-dies-before-it-has-begun-is-told ()
  (dolist (command '(parleq-start parleq-last))
    (let ((scripted-usual (cl-remove-if (lambda (one) (memq (car one) '(session/start session/pending))) scripted-usual)))
      (scripted-daemon nil
        (in-buffer ""
          (funcall command)
          (scripted-wait (assq (if (eq command 'parleq-start) 'session/start 'session/pending) scripted-requests))
          (scripted-wait parleq--introduced)
          (scripted-die)
          (scripted-wait (string-match-p "Parleq: parleqd has gone; start it with [^\n]*\n\\'" (said)))
          (should-not parleq--dictations)
          (should (equal (shown) "")))))))

(ert-deftest parleq-a-daemon-that-hangs-is-left-and-asked-again ()
  (let ((scripted-usual (cl-remove 'session/stop scripted-usual :key #'car))
        (parleq--answer-seconds 0.1))
    (scripted-daemon nil
      (in-buffer ""
        (begun)
        (setq scripted-requests nil)
        (parleq-stop)
        (scripted-wait (string-match-p "does not answer" (said)))
        (setq scripted-answers `((session/result . ,(scripted-result "Kept."))))
        (scripted-wait (equal (buffer-string) "Kept."))))))

(ert-deftest parleq-cancelled-while-the-daemon-is-away ()
  (scripted-daemon nil
    (in-buffer ""
      (begun)
      (scripted-die)
      (scripted-wait (string-match-p "waiting" (shown)))
      (parleq-cancel)
      (should (equal (shown) ""))
      (setq scripted-requests nil)
      (scripted-again)
      (scripted-wait (scripted-asked 'session/cancel))
      (scripted-wait (null parleq--dictations))
      (should-not (scripted-asked 'session/result)))))

(ert-deftest parleq-what-an-earlier-emacs-left-is-offered-and-never-inserted ()
  (scripted-daemon '((session/pending . (:sessions [(:session_id "old" :started 1)])))
    (in-buffer ""
      (parleq-mode 1)
      (scripted-wait (string-match-p "a dictated text waits; M-x parleq-last" (said)))
      (scripted-send (scripted-note "daemon/notice" :reason "resumed" :message "" :hint "" :session_id "other"))
      (scripted-wait (string-match-p "\\[2 times\\]" (said)))
      (should-not (scripted-asked 'session/claim))
      (should (equal (buffer-string) "")))))

(ert-deftest parleq-an-absent-daemon-is-told-with-the-command ()
  (let ((parleq-socket "/nonexistent/parleqd.sock"))
    (unwind-protect
        (in-buffer "text"
          (let ((told (should-error (parleq-start) :type 'user-error)))
            (should (string-match-p "no such socket; start it with .parleqd --socket /nonexistent/parleqd.sock"
                                    (cadr told))))
          (should (equal (shown) ""))
          (should-not parleq--dictations)
          (should (equal (parleq--lighter) " Parleq:off")))
      (parleq-mode -1))))

(ert-deftest parleq-a-socket-that-nobody-listens-at ()
  (scripted-daemon nil
    (delete-process scripted-server)
    (in-buffer ""
      (should (string-match-p "Connection refused; start it" (cadr (should-error (parleq-start) :type 'user-error)))))))

(ert-deftest parleq-a-link-to-the-socket-will-do ()
  (scripted-daemon nil
    (let ((parleq-socket (concat scripted-path "-link")))
      (make-symbolic-link scripted-path parleq-socket)
      (in-buffer ""
        (begun)
        (finished (scripted-result "Here."))
        (should (equal (buffer-string) "Here."))))))

(ert-deftest parleq-what-the-daemon-asks-is-refused ()
  (scripted-daemon nil
    (parleq-mode 1)
    (scripted-wait parleq--introduced)
    (scripted-send '(:jsonrpc "2.0" :id "d-1" :method "insert/prepare" :params (:session_id "s1")))
    (scripted-wait (string-match-p "\"id\":\"d-1\",\"error\":{\"code\":-32601" scripted-sent))))

(ert-deftest parleq-what-is-no-socket-gets-no-word ()
  (let ((parleq-socket (make-temp-file "parleq-")))
    (unwind-protect
        (in-buffer ""
          (should (string-match-p "that is no socket" (cadr (should-error (parleq-start) :type 'user-error)))))
      (parleq-mode -1)
      (delete-file parleq-socket))))

(ert-deftest parleq-another-protocol-is-told-and-nothing-done ()
  (dolist (answer (list "protocol_unsupported" '(:protocol 2 :pending [])))
    (scripted-daemon `((initialize . ,answer))
      (in-buffer ""
        (parleq-start)
        (scripted-wait (string-match-p "from one release" (said)))
        (scripted-wait (null parleq--dictations))
        (should (equal (shown) ""))
        (should (equal (mapcar #'car scripted-requests) '(initialize)))
        (should (equal (parleq--lighter) " Parleq:!"))
        (should-not parleq--timer)))))

(ert-deftest parleq-turned-off-nothing-is-shown-or-tried ()
  (scripted-daemon nil
    (in-buffer ""
      (begun)
      (parleq-mode -1)
      (should (equal (shown) ""))
      (should-not parleq--timer)
      (should-not (process-live-p parleq--process)))))

(ert-deftest parleq-the-mode-line-says-what-happens ()
  (scripted-daemon nil
    (in-buffer ""
      (parleq-mode 1)
      (scripted-wait (equal (parleq--lighter) " Parleq"))
      (begun)
      (should (equal (substring-no-properties (parleq--lighter)) " Parleq:rec"))
      (parleq-stop)
      (should (equal (parleq--lighter) " Parleq:…"))
      (should-error (parleq-stop) :type 'user-error))))

(ert-deftest parleq-one-recording-at-a-time ()
  (scripted-daemon nil
    (in-buffer ""
      (begun)
      (should-error (parleq-start) :type 'user-error)
      (parleq-toggle)
      (scripted-wait (scripted-asked 'session/stop)))))

(ert-deftest parleq-doctor-shows-every-verdict ()
  (scripted-daemon '((doctor/run . (:verdict "failed" :checks
                                    [(:check "model" :verdict "ok" :message "tiny.en" :hint "" :reason nil)
                                     (:check "microphone" :verdict "failed" :message "none" :hint "plug one in"
                                      :reason "no_microphone")])))
    (parleq-doctor)
    (with-current-buffer "*parleq doctor*"
      (scripted-wait (string-match-p "all in all" (buffer-string)))
      (should (string-match-p "^ok       model: tiny.en$" (buffer-string)))
      (should (string-match-p "^failed   microphone: none; plug one in$" (buffer-string)))
      (kill-buffer)))
  (let ((parleq-socket "/nonexistent/parleqd.sock"))
    (parleq-doctor)
    (parleq-mode -1)
    (with-current-buffer "*parleq doctor*"
      (should (string-match-p "^failed   socket: .*start it with" (buffer-string)))
      (kill-buffer))))

(ert-deftest parleq-doctor-tells-of-another-protocol ()
  (scripted-daemon '((initialize . (:protocol 2 :pending [])))
    (parleq-doctor)
    (with-current-buffer "*parleq doctor*"
      (scripted-wait (string-match-p "^failed   handshake: .*protocol 2.*one release$" (buffer-string)))
      (kill-buffer))))

(ert-deftest parleq-one-version ()
  (require 'lisp-mnt)
  (should (equal parleq--version (lm-version (locate-library "parleq.el")))))

(ert-deftest parleq-the-place-of-the-socket ()
  (let ((process-environment (copy-sequence process-environment)))
    (setenv "PARLEQ_SOCKET" "")
    (setenv "XDG_RUNTIME_DIR" "/run/user/7/")
    (should (equal (parleq--socket) "/run/user/7/parleq/parleqd.sock"))
    (setenv "XDG_RUNTIME_DIR" "relative")
    (when (eq system-type 'gnu/linux)
      (should (equal (parleq--socket) (format "/dev/shm/parleq-%d/parleqd.sock" (user-uid)))))
    (setenv "PARLEQ_SOCKET" "/a/b.sock")
    (should (equal (parleq--socket) "/a/b.sock"))
    (should (equal (parleq--start-hint) "start it with `parleqd'"))))

(provide 'parleq-test)
;;; parleq-test.el ends here
